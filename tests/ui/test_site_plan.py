"""A camera on a plan: by click and drag, with the detail at marked distances; codes on labels."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image, ImageDraw
from PySide6.QtCore import QPoint, QPointF, Qt
from pytestqt.qtbot import QtBot

from app.domain.camera import CameraDetails, CameraRow, Organisation, Site, StreamRole, StreamSpec
from app.store import assets, plans
from app.store.secrets import FileSecrets
from app.store.store import Store
from app.ui.label_codes import read_serials, serials_of
from app.ui.site_plan import PlanDialog
from app.ui.tasks import Tasks


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = Store(tmp_path / "watchroom.db", FileSecrets(tmp_path))
    yield made
    made.close()


@pytest.fixture
def tasks() -> Iterator[Tasks]:
    made = Tasks()
    yield made
    made.close()


def camera(store: Store, name: str = "Gate") -> CameraRow:
    sites = store.sites()
    site = sites[0].id if sites else store.save_site(
        Site("", store.save_organisation(Organisation("", "分局")), "广场")
    )  # fmt: skip
    row = CameraRow("", name, "", None, "", "127.0.0.1", "", site, False, False)
    stream = StreamSpec(StreamRole.MAIN, "rtsp://127.0.0.1/main", "h264", 1920, 1080)
    details = CameraDetails(row, Organisation("", ""), Site("", "", ""), streams=(stream,))
    return store.rows([store.save_camera(details, None)])[0]


def plan_file(folder: Path) -> Path:
    picture = Image.new("RGB", (800, 400), "white")
    ImageDraw.Draw(picture).rectangle((100, 100, 700, 300), outline="black", width=3)
    picture.save(folder / "Ground floor.png")
    return folder / "Ground floor.png"


def opened(qtbot: QtBot, store: Store, tasks: Tasks, row: CameraRow) -> PlanDialog:
    dialog = PlanDialog(store, tasks, row, "en")
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitUntil(dialog.ok.isEnabled, timeout=10_000)
    return dialog


def point(dialog: PlanDialog, x: float, y: float) -> QPoint:
    place = dialog.canvas.frame()
    return QPointF(place.left() + x * place.width(), place.top() + y * place.height()).toPoint()


def test_a_camera_is_put_on_a_plan_and_its_detail_is_computed(
    qtbot: QtBot, store: Store, tasks: Tasks, tmp_path: Path
) -> None:
    row = camera(store)
    dialog = opened(qtbot, store, tasks, row)
    assert dialog.plan() is None
    dialog.take_plan(plan_file(tmp_path))
    qtbot.waitUntil(lambda: not dialog.canvas.image.isNull())
    qtbot.waitUntil(lambda: dialog.choice.currentText() == "Ground floor")
    # Click: it is there. Drag to the right: it looks east.
    left = Qt.MouseButton.LeftButton
    qtbot.mouseClick(dialog.canvas, left, pos=point(dialog, 0.25, 0.5))
    start, end = point(dialog, 0.25, 0.5), point(dialog, 0.6, 0.5)
    qtbot.mousePress(dialog.canvas, left, pos=start)
    qtbot.mouseMove(dialog.canvas, end)
    qtbot.mouseRelease(dialog.canvas, left, pos=end)
    assert dialog.bearing.value() == pytest.approx(90, abs=1)
    # The domain reference, 6.1: 1/2.8", 1920 pixels, 4 mm: 69.7 degrees; at 6 m and 25 degrees the
    # ground from 5.72 m to 94.85 m; 250 px/m to 5.5 m along the axis.
    dialog.sensor.setCurrentIndex(1)
    dialog.focal.setValue(4)
    assert dialog.hfov.value() == pytest.approx(69.7, abs=0.05)
    dialog.height_m.setValue(6)
    dialog.tilt.setValue(25)
    dialog.width_m.setValue(80)
    assert "5.7 m to 94" in dialog.ground.text()
    for spin, metres in zip(dialog.distances, (2, 8, 20), strict=True):
        spin.setValue(metres)
    near, middle, far = dialog.marks()
    assert (near.seen, middle.seen, far.seen) == (False, True, True)
    assert near.steep
    assert middle.density == pytest.approx(1920 * 4 / (5.568 * (8**2 + 4.4**2) ** 0.5), rel=0.01)
    assert (middle.name, far.name) == ("recognise", "observe")
    item = dialog.table.topLevelItem(0)
    assert item is not None
    assert "not in the picture" in item.text(3)
    assert "No claim" in dialog.claim.text()
    with qtbot.waitSignal(dialog.kept, timeout=10_000) as kept:
        qtbot.mouseClick(dialog.ok, left)
    values, picture = kept.args
    assert values["identity.place"]["plan"] == "Ground floor"
    assert values["identity.place"]["x_percent"] == pytest.approx(25, abs=0.5)
    assert values["picture.detail"]["middle_class"] == "recognise"
    assert Image.open(io.BytesIO(picture)).width == 800

    # It is in the register, and there for who opens it again.
    file = assets.read(store, row.id)
    assert file is not None
    assert (file.record["bearing_deg"], file.record["hfov_deg"]) == ("90", "69.7")
    assert (file.record["height_m"], file.record["tilt_deg"]) == ("6", "25")
    again = opened(qtbot, store, tasks, row)
    qtbot.waitUntil(lambda: again.canvas.drawn.placed is not None, timeout=10_000)
    assert again.canvas.drawn.placed.x == pytest.approx(0.25, abs=0.005)  # type: ignore[union-attr]
    assert again.focal.value() == 4
    assert again.width_m.value() == 80
    # Another camera of the site sees it there, too.
    second = opened(qtbot, store, tasks, camera(store, "Yard"))
    assert [name for name, _, _ in second._others] == ["Gate"]


def test_the_keyboard_places_and_turns(
    qtbot: QtBot, store: Store, tasks: Tasks, tmp_path: Path
) -> None:
    dialog = opened(qtbot, store, tasks, camera(store))
    dialog.take_plan(plan_file(tmp_path))
    qtbot.waitUntil(lambda: not dialog.canvas.image.isNull(), timeout=10_000)
    qtbot.keyClick(dialog.canvas, Qt.Key.Key_Right)
    assert dialog.canvas.drawn.placed is not None
    qtbot.keyClick(dialog.canvas, Qt.Key.Key_Right)
    assert dialog.canvas.drawn.placed.x == pytest.approx(0.505)
    qtbot.keyClick(dialog.canvas, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert dialog.bearing.value() == 5


def test_what_is_no_picture_is_no_plan(
    qtbot: QtBot, store: Store, tasks: Tasks, tmp_path: Path
) -> None:
    row = camera(store)
    dialog = opened(qtbot, store, tasks, row)
    wrong = tmp_path / "plan.png"
    wrong.write_bytes(b"%PDF-1.7 a drawing")
    dialog.take_plan(wrong)
    qtbot.waitUntil(lambda: "plan.png is no picture" in dialog.told.text(), timeout=10_000)
    assert plans.plans(store, row.site_id) == []


def label(*codes: tuple[str, str]) -> bytes:
    """A photo of a label: codes on grey, a little crooked."""
    picture = Image.new("L", (900, 320 * len(codes)), 225)
    for i, (kind, text) in enumerate(codes):
        barcode = zxingcpp.create_barcode(text, getattr(zxingcpp.BarcodeFormat, kind))
        made = Image.fromarray(zxingcpp.write_barcode_to_image(barcode, scale=4))
        made.thumbnail((800, 260))
        picture.paste(made, (40, 320 * i + 30))
    out = io.BytesIO()
    picture.rotate(3, fillcolor=225).save(out, "JPEG", quality=80)
    return out.getvalue()


def test_a_serial_number_is_read_from_a_photo_of_the_label() -> None:
    assert read_serials(label(("Code128", "DS2CD7A47-0012345"))) == ["DS2CD7A47-0012345"]
    both = label(("QRCode", "{SN:7G0A1B2PAZ00042,DT:IPC-HFW,SC:L2F9}"), ("Code128", "AABBCC001122"))
    assert read_serials(both)[0] == "7G0A1B2PAZ00042"
    assert read_serials(_blank()) == []
    with pytest.raises(ValueError, match="no picture"):
        read_serials(b"nothing")


def _blank() -> bytes:
    out = io.BytesIO()
    Image.new("L", (300, 200), 255).save(out, "PNG")
    return out.getvalue()


def test_addresses_are_no_serial_numbers() -> None:
    assert serials_of(["https://example.org/d?x=1", "AA-BB-CC-00-11-22", "AABBCC001122"]) == []
    assert serials_of(["S/N: F99887766 MAC:aabbcc001122"])[0] == "F99887766"
    assert serials_of(["序列号：WRSIM000012"]) == ["WRSIM000012"]
