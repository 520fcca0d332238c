"""要办的事: the list of ``remind`` with its settings, as a workbook, as a calendar, and as text to be pasted."""

import click
from starlette.responses import Response

from yiyu.desk.asking import Asking, written
from yiyu.desk.pages.every_agreement import day_asked, every_agreement
from yiyu.desk.tables import arranged, listing, save_listing
from yiyu.registry.agreements.remind_commands import FIELDS, DaysType, also_due, message, noted, row_of
from yiyu.registry.agreements.reminding import Reminded, remind
from yiyu.registry.rules.reminders import Settings
from yiyu.registry.session import OfficeSession

_DAYS = DaysType()
_NUMBER = click.IntRange(0, 1000)
_LEAD = click.IntRange(1, 250)


def list_(asking: Asking) -> Response:
    """What is to be done as of the day, by when it has to be."""
    settings = _settings(asking)
    with asking.office(day_asked(asking)) as office:
        result, rows = _reminded(asking, office, settings)
    found = listing(FIELDS, rows, "/reminders", dict(asking.query))
    return asking.page(
        "reminders.html", found=found, settings=settings,
        told=[*also_due(result), *noted(result)], late=sum(one.act_by.day < result.day for one in result.due),
        export=found.address().replace("/reminders", "/reminders/export", 1),
        calendar=found.address().replace("/reminders", "/reminders/calendar", 1),
        text=found.address().replace("/reminders", "/reminders/text", 1),
    )  # fmt: skip


def export(asking: Asking) -> Response:
    """All of the list as a workbook, in the order shown."""
    settings = _settings(asking)
    with asking.office(day_asked(asking)) as office:
        _, found = _reminded(asking, office, settings)
    rows = arranged(FIELDS, found, asking.query)
    return written("协议提醒.xlsx", lambda path: save_listing(path, "协议提醒", FIELDS, rows))


def text(asking: Asking) -> Response:
    """The same in words, to be pasted into a chat."""
    settings = _settings(asking)
    with asking.office(day_asked(asking)) as office:
        result, _ = _reminded(asking, office, settings)
    return asking.page("reminders_text.html", text=message(result))


def calendar(asking: Asking) -> Response:
    """What is due and what lies ahead, for the calendar of a telephone or a mail program."""
    settings = _settings(asking)
    with asking.office(day_asked(asking)) as office:
        every = [one.standing for one in every_agreement(asking, office)]
        return written("协议提醒.ics", lambda path: remind(office, settings, path, every))


def _reminded(asking: Asking, office: OfficeSession, settings: Settings) -> tuple[Reminded, list[dict[str, object]]]:
    """With the rows for people: of thousands they take as long to write as to find."""
    every = [one.standing for one in every_agreement(asking, office)]

    def found() -> tuple[Reminded, list[dict[str, object]]]:
        result = remind(office, settings, found=every)
        return result, [row_of(one, result.day) for one in result.due]

    return asking.remembered(office, ("reminders", settings), found)


def _settings(asking: Asking) -> Settings:
    usual = Settings()
    asked = {
        "steps": asking.asked("steps", _DAYS, "到期前几天提醒"),
        "unsigned_days": asking.asked("unsigned_days", _NUMBER, "多少天没有签齐就催签"),
        "evidence_days": asking.asked("evidence_days", _NUMBER, "签齐多少天还缺凭据就提醒"),
        "lead": asking.asked("lead", _LEAD, "留几个工作日"),
    }
    return Settings(**{name: getattr(usual, name) if value is None else value for name, value in asked.items()})
