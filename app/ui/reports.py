"""Papers: the report of an incident, a handover, a register; as PDF, registers as spreadsheet too.

Everything here may run off the Qt thread.
"""

from __future__ import annotations

import hashlib
import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication, QMarginsF, QUrl
from PySide6.QtGui import (
    QFont,
    QImage,
    QPageLayout,
    QPageSize,
    QPdfWriter,
    QTextDocument,
)

from app.domain.incident import FIELDS, Incident, Kind
from app.domain.inspection import Inspection, Verdict
from app.domain.shift import Shift
from app.ui import log_texts
from app.ui.log_texts import full_text
from app.ui.theme import CHINESE_FONTS

MOST_PICTURES = 12
PICTURE_PX = 460
STYLE = """
h1 { font-size: 16pt; } h2 { font-size: 12pt; margin-top: 14px; }
table { border-collapse: collapse; } th { text-align: left; background: #e8ebef; }
td, th { padding: 3px 6px; font-size: 9pt; } .old { color: #777777; text-decoration: line-through; }
.small { font-size: 7pt; color: #555555; } .warn { color: #a05a00; }
"""


@dataclass(frozen=True, slots=True)
class Picture:
    """A still of an evidence package."""

    path: Path
    package: str
    sha256: str


def pictures_of(incident: Incident, packages: Path) -> list[Picture]:
    """Stills of the evidence packages that are linked and on this console; blocking."""
    found = []
    for entry in incident.of(Kind.EVIDENCE):
        name = str(entry.data.get("package", ""))
        folder = packages / name / "stills"
        if not name or Path(name).name != name or not folder.is_dir():
            continue
        for path in sorted(folder.glob("*.png")):
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            found.append(Picture(path, name, digest))
    return found[:MOST_PICTURES]


def incident_html(incident: Incident, pictures: Sequence[Picture]) -> str:
    """The report of an incident. Pictures are "picture:<index>"."""
    translate = QCoreApplication.translate
    e = html.escape
    rows = [
        (translate("Report", "Number"), incident.number),
        (translate("Report", "State"), log_texts.state_text(incident.state)),
        (translate("Report", "Opened by"), f"{incident.opened.author}, {incident.opened.console}"),
    ]
    for field in FIELDS:
        versions = incident.fields.get(field, ())
        text = "  /  ".join(
            full_text(_moment(v.value)) if field == "detected_at"
            else log_texts.value_text(field, v.value)
            for v in versions
        )  # fmt: skip
        if text:
            rows.append((log_texts.field_text(field), text))
    cameras = ", ".join(name for _, name in incident.cameras)
    rows.append((translate("Report", "Cameras"), cameras))
    parts = [_title(1, translate("Report", "Incident"), incident.number), _table(rows)]
    parts.append(_title(2, translate("Report", "Log")))
    head = [translate("Report", "When"), translate("Report", "Who"), translate("Report", "Entry")]
    standing = {v.id for line in incident.lines for v in line.versions}
    old = {b.id for line in incident.lines for b in line.before} - standing
    body, correction = [], translate("Report", "correction")
    for entry in incident.entries:
        when = _moment(entry.data.get("begun")) or entry.true_at
        text = e(log_texts.entry_text(entry))
        if entry.id in old:
            text = f'<span class="old">{text}</span>'
        elif entry.about and entry.kind == Kind.TEXT:
            text = f"{text} <span class='warn'>({e(correction)})</span>"
        mark = f'<br><span class="small">{entry.number} {entry.chain}</span>'
        body.append([e(full_text(when)), e(entry.author), text + mark])
    parts.append(_grid(head, body))
    units = incident.of(Kind.UNIT)
    if units:
        parts.append(_title(2, translate("Report", "Units told")))
        head = [translate("Report", "When"), translate("Report", "Unit"),
                translate("Report", "Name")]  # fmt: skip
        parts.append(
            _grid(
                head,
                [
                    [e(full_text(_moment(u.data.get("told_at")))), e(str(u.data.get("unit", ""))),
                     e(str(u.data.get("name", "")))]
                    for u in units
                ],
            )
        )  # fmt: skip
    evidence = incident.of(Kind.EVIDENCE)
    if evidence:
        parts.append(_title(2, translate("Report", "Evidence")))
        head = [translate("Report", "Package"), "SHA-256 (manifest)"]
        parts.append(
            _grid(head, [[e(str(v.data.get("package", ""))),
                          f'<span class="small">{e(str(v.data.get("sha256", "")))}</span>']
                         for v in evidence])
        )  # fmt: skip
    for index, picture in enumerate(pictures):
        parts.append(
            f'<p><img src="picture:{index}"><br><span class="small">{e(picture.package)} / '
            f"{e(picture.path.name)}<br>SHA-256 {picture.sha256}</span></p>"
        )
    if incident.entries:
        last = incident.entries[-1]
        text = translate("Report", "Last entry: No. {number} of {console}, SHA-256 {hash}")
        parts.append(
            "<p class='small'>"
            + e(text.format(number=last.number, console=last.console, hash=last.chain))
            + "</p>"
        )
    return "".join(parts)


def inspection_html(made: Inspection, pictures: Mapping[str, int]) -> str:
    """The form of an on-site inspection. `pictures`: SHA-256 of a photo to its index."""
    translate, e = QCoreApplication.translate, html.escape
    texts, signed = dict(made.items), made.signed
    words = {
        Verdict.OK: translate("Report", "in order"), Verdict.FAULT: translate("Report", "FAULT"),
        Verdict.NONE: translate("Report", "not there"),
    }  # fmt: skip
    parts = [
        _title(1, translate("Report", "On-site inspection"), made.number),
        _table([
            (translate("Report", "Site"), str(made.begun.data.get("name", ""))),
            (translate("Report", "From"), full_text(made.begun.true_at)),
            (translate("Report", "To"), full_text(signed.true_at if signed else None)),
            (translate("Report", "Signed by"), str(signed.data.get("name", "")) if signed else "–"),
            (translate("Report", "Faults"), str(len(made.faults()))),
        ]),
    ]  # fmt: skip
    head = [translate("Report", "Item"), translate("Report", "Verdict"),
            translate("Report", "Remark"), translate("Report", "When")]  # fmt: skip
    for camera, name in made.cameras:
        parts.append(_title(2, name))
        rows = []
        for item, text in made.items:
            entry = made.verdicts.get((camera, item))
            if entry is None:
                rows.append([e(text), "–", "", ""])
                continue
            verdict = str(entry.data.get("verdict", ""))
            shown = e(words.get(Verdict(verdict), verdict) if verdict in set(Verdict) else verdict)
            if verdict == Verdict.FAULT:
                shown = f'<span class="warn"><b>{shown}</b></span>'
            rows.append([e(text), shown, e(str(entry.data.get("words", ""))),
                         e(full_text(entry.true_at))])  # fmt: skip
        parts.append(_grid(head, rows))
        for photo in made.photos:
            sha = str(photo.data.get("sha256", ""))
            if photo.camera_id != camera:
                continue
            shown = e(texts.get(str(photo.data.get("item", "")), ""))
            image = f'<img src="picture:{pictures[sha]}"><br>' if sha in pictures else ""
            parts.append(f'<p>{image}{shown} <span class="small">{e(str(photo.data.get("name", "")))}'
                         f"<br>SHA-256 {e(sha)}</span></p>")  # fmt: skip
    if signed is not None:
        text = translate("Report", "Signed as entry No. {number} of {console}, SHA-256 {hash}")
        said = text.format(number=signed.number, console=signed.console, hash=signed.chain)
        parts.append(f"<p class='small'>{e(said)}</p>")
    return "".join(parts)


def handover_html(shift: Shift) -> str:
    """The signed document of a shift."""
    translate, e = QCoreApplication.translate, html.escape
    parts = [_title(1, translate("Report", "Handover of shift"), shift.number)]
    staff = ", ".join(
        dict.fromkeys(str(v.data.get("person", "")) for v in shift.entries if v.kind == "signed on")
    )
    parts.append(
        _table(
            [
                (translate("Report", "Shift"), str(shift.begun.data.get("name", ""))),
                (translate("Report", "From"), full_text(shift.began_at)),
                (translate("Report", "To"), full_text(shift.ended_at)),
                (translate("Report", "Staff"), staff),
            ]
        )
    )
    if shift.handover is None:
        return "".join(parts)
    document = shift.handover.data.get("document", {})
    head = [translate("Report", "About"), translate("Report", "What"), translate("Report", "Read")]
    parts.append(
        _grid(
            head,
            [
                [e(log_texts.fact_text(i["fact"])), e(i["title"]) + (
                    f'<br><span class="small">{e(i["detail"])}</span>' if i["detail"] else ""),
                 e(full_text(_moment(i["read"])))]
                for i in document.get("items", ())
            ],
        )
    )  # fmt: skip
    signed = []
    for key, text in (
        ("leaving", translate("Report", "Handed over by")),
        ("taking", translate("Report", "Taken over by")),
    ):
        who = document.get(key, {})
        pin = translate("Report", "with PIN") if who.get("confirmed") else ""
        when = full_text(_moment(who.get("at")))
        signed.append((text, "  ".join(p for p in (who.get("name", ""), when, pin) if p)))
    if shift.countersign is not None:
        name = str(shift.countersign.data.get("name", ""))
        when = full_text(shift.countersign.true_at)
        signed.append((translate("Report", "Countersigned by"), f"{name}  {when}"))
    parts.append(_table(signed))
    digest = str(shift.handover.data.get("sha256", ""))
    parts.append(f"<p class='small'>SHA-256 {e(digest)}</p>")
    return "".join(parts)


def table_html(title: str, about: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A register on paper."""
    body = [[html.escape(cell) for cell in row] for row in rows]
    return (
        f"<h1>{html.escape(title)}</h1><p class='small'>{html.escape(about)}</p>{_grid(head, body)}"
    )


def _title(level: int, *parts: str) -> str:
    return f"<h{level}>{html.escape(' '.join(parts))}</h{level}>"


def _table(rows: Sequence[tuple[str, str]]) -> str:
    cells = "".join(
        f"<tr><th>{html.escape(a)}</th><td>{html.escape(b)}</td></tr>" for a, b in rows if b
    )
    return f'<table border="1" width="100%">{cells}</table>'


def _grid(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """`rows` are HTML already."""
    top = "".join(f"<th>{html.escape(h)}</th>" for h in head)
    body = "".join("<tr>" + "".join(f"<td>{c}</td>" for c in row) + "</tr>" for row in rows)
    return f'<table border="1" width="100%"><thead><tr>{top}</tr></thead>{body}</table>'


def _moment(text: Any) -> datetime | None:
    try:
        return datetime.fromisoformat(str(text))
    except ValueError:
        return None


def write_pdf(
    path: Path, content: str, pictures: Sequence[Picture] = (), *, landscape: bool = False
) -> None:
    """A4, whole or not at all. Blocking; raises OSError."""
    partial = path.with_name(f".{path.name}.partial")
    document = QTextDocument()
    font = QFont()
    font.setFamilies([*font.families(), *CHINESE_FONTS])
    font.setPointSize(10)
    document.setDefaultFont(font)
    document.setDefaultStyleSheet(STYLE)
    for index, picture in enumerate(pictures):
        image = QImage(str(picture.path))
        if image.width() > PICTURE_PX:
            image = image.scaledToWidth(PICTURE_PX)
        document.addResource(
            QTextDocument.ResourceType.ImageResource.value, QUrl(f"picture:{index}"), image
        )
    document.setHtml(content)
    partial.unlink(missing_ok=True)
    writer = QPdfWriter(str(partial))
    writer.setCreator("Watchroom")
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    if landscape:
        writer.setPageOrientation(QPageLayout.Orientation.Landscape)
    writer.setPageMargins(QMarginsF(15, 15, 15, 15), QPageLayout.Unit.Millimeter)
    document.print_(writer)
    del writer  # the file is written when it goes
    if not partial.exists() or partial.stat().st_size == 0:
        raise OSError(f"{path} cannot be written")
    partial.replace(path)


def write_spreadsheet(
    path: Path, title: str, head: Sequence[str], rows: Sequence[Sequence[str]]
) -> None:
    """An .xlsx; every cell is text, none a formula. Blocking; raises OSError."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    book = Workbook(write_only=True)
    sheet = book.create_sheet("".join(c for c in title if c not in "[]:*?/\\")[:31] or "1")
    sheet.freeze_panes = "A2"

    def cell(text: str, *, bold: bool = False) -> Any:
        made = WriteOnlyCell(sheet, value="")
        made.value = ILLEGAL_CHARACTERS_RE.sub("", text)[:32_000]
        made.data_type = "s"  # also what begins with "="
        if made.value[:1] in ("=", "+", "-", "@"):
            made.quotePrefix = True  # typing in the cell does not make it a formula either
        if bold:
            made.font = Font(bold=True)
        return made

    for index, name in enumerate(head):
        widest = max([len(name), *(len(row[index]) for row in rows[:200])])
        sheet.column_dimensions[get_column_letter(index + 1)].width = min(60, max(10, widest + 2))
    sheet.append([cell(name, bold=True) for name in head])
    for row in rows:
        sheet.append([cell(text) for text in row])
    partial = path.with_name(f".{path.name}.partial")
    book.save(partial)
    partial.replace(path)
