"""What every test sees: the switches of the suite, and the fixtures of the one builder of offices."""

pytest_plugins = ("switches", "office_fixtures")
