"""Write the shipped Word templates: ``python -m yiyu.docgen.fill.author``. The committed files are this output."""

from importlib.resources import files
from pathlib import Path

from yiyu.docgen.fill.author import (
    activity_record,
    agreement,
    archive_forms,
    dossier_form,
    inspection_form,
    rectification_form,
    report_forms,
    service_list,
    supplement_form,
)
from yiyu.registry.files import write_atomic


def build_all() -> dict[str, bytes]:
    """Give every shipped template by its path under ``templates/``."""
    return {
        "national/agreement.docx": agreement.build(),
        "national/service_list.docx": service_list.build(),
        "national/activity_record.docx": activity_record.build(),
        "forms/archive_forms.docx": archive_forms.build(),
        "forms/hours_certificate.docx": report_forms.certificate(),
        "forms/year_report.docx": report_forms.year_report(),
        "forms/bulletin.docx": report_forms.bulletin(),
        "forms/dossier.docx": dossier_form.build(),
        "forms/four_properties.docx": inspection_form.build(),
        "forms/rectification_notice.docx": rectification_form.build(),
        "forms/supplement.docx": supplement_form.build(),
    }


if __name__ == "__main__":
    for name, data in build_all().items():
        write_atomic(Path(str(files("yiyu.templates"))) / name, data)
