"""医疗卫生机构 and 托育机构: rosters in and out, looking up, editing, duplicates, and their commands."""
