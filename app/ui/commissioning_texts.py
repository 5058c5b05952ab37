"""Words of commissioning: the items of the checklist and what to do about each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QCoreApplication

from app.domain.commissioning import State, Verdict
from app.ui.i18n import failure_text

MARKS = {Verdict.OPEN: "○", Verdict.MET: "✓", Verdict.FAILED: "✗", Verdict.NOT_APPLICABLE: "–"}


def block_text(block: str) -> str:
    """A block of the checklist."""
    translate = QCoreApplication.translate
    return {
        "identity": translate("Commissioning", "Identity"),
        "picture": translate("Commissioning", "Picture"),
        "function": translate("Commissioning", "Function"),
        "overlay": translate("Commissioning", "Text in the picture, clock"),
        "recording": translate("Commissioning", "Recording"),
        "network": translate("Commissioning", "Network"),
        "security": translate("Commissioning", "Security"),
        "site": translate("Commissioning", "Site"),
        "legal": translate("Commissioning", "Law"),
    }[block]


def item_text(code: str) -> tuple[str, str]:
    """(name, what to do) of an item."""
    translate = QCoreApplication.translate
    return {
        "identity.code": (
            translate("Commissioning", "Code"),
            translate("Commissioning", "The 20-digit code follows the rules of GB/T 28181."),
        ),
        "identity.name": (
            translate("Commissioning", "Name"),
            translate(
                "Commissioning",
                "The name says place and direction, as people call them. Enter it as the value.",
            ),
        ),
        "identity.place": (
            translate("Commissioning", "Place and direction"),
            translate(
                "Commissioning",
                "Pole number, position on the map, bearing. Enter what you checked.",
            ),
        ),
        "identity.serial": (
            translate("Commissioning", "Serial number"),
            translate("Commissioning", "As on the label of the device."),
        ),
        "picture.day": (
            translate("Commissioning", "Reference picture by day"),
            translate(
                "Commissioning",
                "What later pictures are compared with. Take it when the picture is sharp.",
            ),
        ),
        "picture.night": (
            translate("Commissioning", "Reference picture by night"),
            translate(
                "Commissioning",
                "With its lamp, without reflections. Come back after dark, or say why not.",
            ),
        ),
        "picture.view": (
            translate("Commissioning", "Field of view"),
            translate("Commissioning", "As designed; name what stands in the way."),
        ),
        "picture.detail": (
            translate("Commissioning", "Detail at marked distances"),
            translate(
                "Commissioning",
                "A person of 1.70 m at the near, middle and far mark: how many pixels high? 425 is 250 px/m.",
            ),
        ),
        "function.main_stream": (
            translate("Commissioning", "Main stream"),
            translate("Commissioning", "Measured by the client."),
        ),
        "function.sub_stream": (
            translate("Commissioning", "Substream"),
            translate("Commissioning", "Measured by the client."),
        ),
        "function.first_picture": (
            translate("Commissioning", "First picture"),
            translate("Commissioning", "Within 5 s of the call. Measured by the client."),
        ),
        "function.connections": (
            translate("Commissioning", "Connections"),
            translate(
                "Commissioning", "How many the camera bears at once. Measured by the client."
            ),
        ),
        "function.ptz": (
            translate("Commissioning", "PTZ in all directions"),
            translate(
                "Commissioning",
                "The client turns and zooms the camera each way and sees that it moves and stops.",
            ),
        ),
        "function.presets": (
            translate("Commissioning", "Presets and home"),
            translate("Commissioning", "Set, named, and reached from anywhere."),
        ),
        "function.audio": (
            translate("Commissioning", "Sound"),
            translate("Commissioning", "On or off, as it is allowed here."),
        ),
        "function.events": (
            translate("Commissioning", "Events"),
            translate("Commissioning", "Whether the camera tells of motion, tampering, inputs."),
        ),
        "overlay.text": (
            translate("Commissioning", "Text in the picture"),
            translate("Commissioning", "Right, readable, in its corner."),
        ),
        "overlay.clock": (
            translate("Commissioning", "Clock"),
            translate(
                "Commissioning",
                "At most 5 s off. Measured by the client against this computer's clock.",
            ),
        ),
        "recording.playback": (
            translate("Commissioning", "Playback"),
            translate(
                "Commissioning",
                "Play the recording after ten minutes at least; keep a picture of it.",
            ),
        ),
        "recording.retention": (
            translate("Commissioning", "Retention"),
            translate("Commissioning", "The day on which it can be proved is in the calendar."),
        ),
        "network.loss": (
            translate("Commissioning", "Loss and jitter"),
            translate("Commissioning", "Below 1 % missing pictures. Measured by the client."),
        ),
        "security.password": (
            translate("Commissioning", "Password"),
            translate(
                "Commissioning",
                "Not the maker's, and not another camera's. It is not written down here.",
            ),
        ),
        "security.services": (
            translate("Commissioning", "Services"),
            translate("Commissioning", "What is not needed is switched off."),
        ),
        "security.firmware": (
            translate("Commissioning", "Firmware"),
            translate("Commissioning", "The version, and that no newer one mends a hole."),
        ),
        "security.certificate": (
            translate("Commissioning", "Certificate"),
            translate("Commissioning", "Own or issued, with its end in the calendar."),
        ),
        "site.cabinet": (
            translate("Commissioning", "Cabinet"),
            translate("Commissioning", "Inside: grounding, lightning protection, cables. A photo."),
        ),
        "site.sign": (
            translate("Commissioning", "Warning sign"),
            translate(
                "Commissioning",
                "The sign of a video area can be seen from where people come. A photo.",
            ),
        ),
        "legal.purpose": (
            translate("Commissioning", "Purpose"),
            translate("Commissioning", "What for, and who approved it: the name as a note."),
        ),
        "legal.masks": (
            translate("Commissioning", "Private areas"),
            translate("Commissioning", "Windows and gardens are covered."),
        ),
        "legal.place": (
            translate("Commissioning", "Allowed place"),
            translate("Commissioning", "No place where cameras are forbidden."),
        ),
    }[code]


def verdict_text(verdict: Verdict) -> str:
    """Of an item."""
    translate = QCoreApplication.translate
    return {
        Verdict.OPEN: translate("Commissioning", "open"),
        Verdict.MET: translate("Commissioning", "pass"),
        Verdict.FAILED: translate("Commissioning", "fail"),
        Verdict.NOT_APPLICABLE: translate("Commissioning", "not applicable"),
    }[verdict]


def record_text(state: str) -> str:
    """Of a record."""
    translate = QCoreApplication.translate
    return {
        State.DRAFT: translate("Commissioning", "draft"),
        State.SUBMITTED: translate("Commissioning", "submitted"),
        State.SENT_BACK: translate("Commissioning", "sent back"),
        State.ACCEPTED: translate("Commissioning", "accepted"),
        State.SAMPLED: translate("Commissioning", "sampled"),
    }[State(state)]


def problem_text(problem: str) -> str:
    """Why an item is no result yet, or a step may not be taken."""
    translate = QCoreApplication.translate
    return {
        "open": translate("Commissioning", "Not decided yet."),
        "reason missing": translate("Commissioning", "Say why, in the note."),
        "picture missing": translate("Commissioning", "A picture is missing."),
        "value missing": translate(
            "Commissioning", "A value is missing: measure, or write it in the note."
        ),
        "name missing": translate("Commissioning", "Write the name in the note."),
        "another person": translate(
            "Commissioning", "Another person must do this: who set a camera up does not accept it."
        ),
        "ticket missing": translate(
            "Commissioning", "Report a fault for each item that failed, and name it."
        ),
        "remarks missing": translate("Commissioning", "Say what is to be done."),
        "submitted": translate(
            "Commissioning", "It was submitted: only a reviewer can send it back."
        ),
        "not submitted": translate("Commissioning", "It was not submitted yet."),
        "signature missing": translate("Commissioning", "Somebody must be signed in to sign."),
        "not accepted": translate("Commissioning", "It was not accepted yet."),
    }.get(problem, problem)


def note_text(note: str) -> str:
    """What a measurement found wrong."""
    translate = QCoreApplication.translate
    if note.startswith("no movement: "):
        return translate("Commissioning", "no movement: {axes}").format(
            axes=note.partition(": ")[2]
        )
    return {
        "": "",
        "no code": translate("Commissioning", "The camera has no code yet."),
        "bad code": translate("Commissioning", "The code breaks the rules of GB/T 28181."),
        "no such stream": translate("Commissioning", "The camera has no such stream."),
        "slow": translate("Commissioning", "The first picture took longer than 5 s."),
        "loss": translate("Commissioning", "Pictures are missing."),
        "one connection": translate("Commissioning", "The camera bears one connection only."),
        "no ONVIF": translate("Commissioning", "The camera has no ONVIF address."),
        "no events": translate("Commissioning", "The camera tells no events."),
        "clock": translate("Commissioning", "The camera's clock is wrong."),
        "slow stop": translate("Commissioning", "It took longer than 2 s to stand still."),
    }.get(note) or failure_text(note, note)


def values_text(values: Mapping[str, Any]) -> str:
    """Measured values in one line."""
    translate = QCoreApplication.translate
    names = {
        "codec": "",
        "profile": "",
        "fps": "fps",
        "bitrate_kbps": "kbit/s",
        "jitter_ms": "ms",
        "gop_s": "s",
        "lost_percent": "%",
        "first_picture_s": "s",
        "longest_gap_s": "s",
        "offset_s": "s",
        "ptz_stop_s": "s",
    }
    labels = {
        "jitter_ms": translate("Commissioning", "jitter"),
        "gop_s": translate("Commissioning", "key frame every"),
        "lost_percent": translate("Commissioning", "lost"),
        "first_picture_s": translate("Commissioning", "first picture after"),
        "longest_gap_s": translate("Commissioning", "longest gap"),
        "offset_s": translate("Commissioning", "off by"),
        "ptz_stop_s": translate("Commissioning", "stands after"),
        "borne": translate("Commissioning", "borne"),
        "tried": translate("Commissioning", "tried"),
        "judged_by": translate("Commissioning", "judged by"),
        "left": translate("Commissioning", "left"),
        "right": translate("Commissioning", "right"),
        "up": translate("Commissioning", "up"),
        "down": translate("Commissioning", "down"),
        "in": translate("Commissioning", "in"),
        "out": translate("Commissioning", "out"),
        "text": "",
        "code": "",
        "service": "",
    }
    words = {
        "moves": translate("Commissioning", "moves"),
        "does not move": translate("Commissioning", "does not move"),
        "position": translate("Commissioning", "position"),
        "picture": translate("Commissioning", "picture"),
    }
    parts = placed_texts(values)
    if "width" in values and "height" in values:
        parts.append(f"{values['width']:.0f}×{values['height']:.0f}")
    for name, value in values.items():
        if name in ("width", "height", *PLACED) or value is None or value == "":
            continue
        shown = f"{value:g}" if isinstance(value, int | float) else words.get(value, value)
        unit = names.get(name, "")
        parts.append(" ".join(p for p in (labels.get(name, ""), shown, unit) if p))
    return "  ·  ".join(parts)


def figure_text(name: str, value: float) -> tuple[str, str]:
    """(what it is, value with unit) of a figure of the baseline."""
    translate = QCoreApplication.translate
    label, unit = {
        "fps": (translate("Commissioning", "pictures"), "/s"),
        "width": (translate("Commissioning", "width"), "px"),
        "height": (translate("Commissioning", "height"), "px"),
        "bitrate_kbps": (translate("Commissioning", "bit rate"), "kbit/s"),
        "gop_s": (translate("Commissioning", "key frame every"), "s"),
        "first_picture_s": (translate("Commissioning", "first picture after"), "s"),
        "ptz_stop_s": (translate("Commissioning", "stands after"), "s"),
        "offset_s": (translate("Commissioning", "off by"), "s"),
        "borne": (translate("Commissioning", "borne"), ""),
    }.get(name, (name, ""))
    shown = f"{value:.0f}" if abs(value) >= 100 else f"{round(value, 2):g}"
    return label, f"{shown} {unit}".strip()


SPOTS = ("near", "middle", "far")
PLACED = (
    "plan", "x_percent", "y_percent", "bearing_deg", "hfov_deg", "height_m", "tilt_deg", "ground_near_m",
    "ground_far_m", "pan", "tilt", "zoom", *(f"{s}_{v}" for s in SPOTS for v in ("m", "ppm", "class")),
)  # fmt: skip
"""Values of place, view and detail, told by `placed_texts`."""


def placed_texts(values: Mapping[str, Any]) -> list[str]:
    """Where a camera is, where it looks, and what its picture gives at the marks (computed)."""
    translate = QCoreApplication.translate
    parts = []
    if values.get("plan"):
        parts.append(translate("Commissioning", "on the plan “{name}”").format(name=values["plan"]))
    for name, text in (
        ("bearing_deg", translate("Commissioning", "looks to {value}°")),
        ("hfov_deg", translate("Commissioning", "field of view {value}°")),
        ("height_m", translate("Commissioning", "{value} m high")),
        ("tilt_deg", translate("Commissioning", "{value}° down")),
        ("ground_near_m", translate("Commissioning", "ground from {value} m")),
        ("ground_far_m", translate("Commissioning", "to {value} m")),
    ):
        if isinstance(values.get(name), int | float):
            parts.append(text.format(value=f"{values[name]:g}"))
    spots = {
        "near": translate("Commissioning", "near"),
        "middle": translate("Commissioning", "middle"),
        "far": translate("Commissioning", "far"),
    }
    computed = []
    for spot, name in spots.items():
        if isinstance(values.get(f"{spot}_ppm"), int | float):
            text = translate("Commissioning", "{mark} {distance} m: {density} px/m, {reached}")
            computed.append(text.format(
                mark=name, distance=f"{values.get(f'{spot}_m', 0):g}",
                density=f"{values[f'{spot}_ppm']:g}",
                reached=class_text(str(values.get(f"{spot}_class", ""))),
            ))  # fmt: skip
    if computed:
        parts.append(
            translate("Commissioning", "computed: {values}").format(values="; ".join(computed))
        )
    return parts


def class_text(name: str) -> str:
    """A class of detail (5.1)."""
    translate = QCoreApplication.translate
    return {
        "monitor": translate("Coverage", "monitor"),
        "detect": translate("Coverage", "detect"),
        "observe": translate("Coverage", "observe"),
        "recognise": translate("Coverage", "recognise"),
        "identify": translate("Coverage", "identify"),
        "inspect": translate("Coverage", "inspect"),
    }.get(name, translate("Coverage", "below all classes"))
