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
    t = QCoreApplication.translate
    return {
        "identity": t("Commissioning", "Identity"),
        "picture": t("Commissioning", "Picture"),
        "function": t("Commissioning", "Function"),
        "overlay": t("Commissioning", "Text in the picture, clock"),
        "recording": t("Commissioning", "Recording"),
        "network": t("Commissioning", "Network"),
        "security": t("Commissioning", "Security"),
        "site": t("Commissioning", "Site"),
        "legal": t("Commissioning", "Law"),
    }[block]


def item_text(code: str) -> tuple[str, str]:
    """(name, what to do) of an item."""
    t = QCoreApplication.translate
    return {
        "identity.code": (
            t("Commissioning", "Code"),
            t("Commissioning", "The 20-digit code follows the rules of GB/T 28181."),
        ),
        "identity.name": (
            t("Commissioning", "Name"),
            t(
                "Commissioning",
                "The name says place and direction, as people call them. Enter it as the value.",
            ),
        ),
        "identity.place": (
            t("Commissioning", "Place and direction"),
            t(
                "Commissioning",
                "Pole number, position on the map, bearing. Enter what you checked.",
            ),
        ),
        "identity.serial": (
            t("Commissioning", "Serial number"),
            t("Commissioning", "As on the label of the device."),
        ),
        "picture.day": (
            t("Commissioning", "Reference picture by day"),
            t(
                "Commissioning",
                "What later pictures are compared with. Take it when the picture is sharp.",
            ),
        ),
        "picture.night": (
            t("Commissioning", "Reference picture by night"),
            t(
                "Commissioning",
                "With its lamp, without reflections. Come back after dark, or say why not.",
            ),
        ),
        "picture.view": (
            t("Commissioning", "Field of view"),
            t("Commissioning", "As designed; name what stands in the way."),
        ),
        "picture.detail": (
            t("Commissioning", "Detail at marked distances"),
            t(
                "Commissioning",
                "A person of 1.70 m at the near, middle and far mark: how many pixels high? 425 is 250 px/m.",
            ),
        ),
        "function.main_stream": (
            t("Commissioning", "Main stream"),
            t("Commissioning", "Measured by the client."),
        ),
        "function.sub_stream": (
            t("Commissioning", "Substream"),
            t("Commissioning", "Measured by the client."),
        ),
        "function.first_picture": (
            t("Commissioning", "First picture"),
            t("Commissioning", "Within 5 s of the call. Measured by the client."),
        ),
        "function.connections": (
            t("Commissioning", "Connections"),
            t("Commissioning", "How many the camera bears at once. Measured by the client."),
        ),
        "function.ptz": (
            t("Commissioning", "PTZ in all directions"),
            t(
                "Commissioning",
                "The client turns and zooms the camera each way and sees that it moves and stops.",
            ),
        ),
        "function.presets": (
            t("Commissioning", "Presets and home"),
            t("Commissioning", "Set, named, and reached from anywhere."),
        ),
        "function.audio": (
            t("Commissioning", "Sound"),
            t("Commissioning", "On or off, as it is allowed here."),
        ),
        "function.events": (
            t("Commissioning", "Events"),
            t("Commissioning", "Whether the camera tells of motion, tampering, inputs."),
        ),
        "overlay.text": (
            t("Commissioning", "Text in the picture"),
            t("Commissioning", "Right, readable, in its corner."),
        ),
        "overlay.clock": (
            t("Commissioning", "Clock"),
            t(
                "Commissioning",
                "At most 5 s off. Measured by the client against this computer's clock.",
            ),
        ),
        "recording.playback": (
            t("Commissioning", "Playback"),
            t(
                "Commissioning",
                "Play the recording after ten minutes at least; keep a picture of it.",
            ),
        ),
        "recording.retention": (
            t("Commissioning", "Retention"),
            t("Commissioning", "The day on which it can be proved is in the calendar."),
        ),
        "network.loss": (
            t("Commissioning", "Loss and jitter"),
            t("Commissioning", "Below 1 % missing pictures. Measured by the client."),
        ),
        "security.password": (
            t("Commissioning", "Password"),
            t(
                "Commissioning",
                "Not the maker's, and not another camera's. It is not written down here.",
            ),
        ),
        "security.services": (
            t("Commissioning", "Services"),
            t("Commissioning", "What is not needed is switched off."),
        ),
        "security.firmware": (
            t("Commissioning", "Firmware"),
            t("Commissioning", "The version, and that no newer one mends a hole."),
        ),
        "security.certificate": (
            t("Commissioning", "Certificate"),
            t("Commissioning", "Own or issued, with its end in the calendar."),
        ),
        "site.cabinet": (
            t("Commissioning", "Cabinet"),
            t("Commissioning", "Inside: grounding, lightning protection, cables. A photo."),
        ),
        "site.sign": (
            t("Commissioning", "Warning sign"),
            t(
                "Commissioning",
                "The sign of a video area can be seen from where people come. A photo.",
            ),
        ),
        "legal.purpose": (
            t("Commissioning", "Purpose"),
            t("Commissioning", "What for, and who approved it: the name as a note."),
        ),
        "legal.masks": (
            t("Commissioning", "Private areas"),
            t("Commissioning", "Windows and gardens are covered."),
        ),
        "legal.place": (
            t("Commissioning", "Allowed place"),
            t("Commissioning", "No place where cameras are forbidden."),
        ),
    }[code]


def verdict_text(verdict: Verdict) -> str:
    """Of an item."""
    t = QCoreApplication.translate
    return {
        Verdict.OPEN: t("Commissioning", "open"),
        Verdict.MET: t("Commissioning", "pass"),
        Verdict.FAILED: t("Commissioning", "fail"),
        Verdict.NOT_APPLICABLE: t("Commissioning", "not applicable"),
    }[verdict]


def record_text(state: str) -> str:
    """Of a record."""
    t = QCoreApplication.translate
    return {
        State.DRAFT: t("Commissioning", "draft"),
        State.SUBMITTED: t("Commissioning", "submitted"),
        State.SENT_BACK: t("Commissioning", "sent back"),
        State.ACCEPTED: t("Commissioning", "accepted"),
        State.SAMPLED: t("Commissioning", "sampled"),
    }[State(state)]


def problem_text(problem: str) -> str:
    """Why an item is no result yet, or a step may not be taken."""
    t = QCoreApplication.translate
    return {
        "open": t("Commissioning", "Not decided yet."),
        "reason missing": t("Commissioning", "Say why, in the note."),
        "picture missing": t("Commissioning", "A picture is missing."),
        "value missing": t(
            "Commissioning", "A value is missing: measure, or write it in the note."
        ),
        "name missing": t("Commissioning", "Write the name in the note."),
        "another person": t(
            "Commissioning", "Another person must do this: who set a camera up does not accept it."
        ),
        "ticket missing": t(
            "Commissioning", "Report a fault for each item that failed, and name it."
        ),
        "remarks missing": t("Commissioning", "Say what is to be done."),
        "submitted": t("Commissioning", "It was submitted: only a reviewer can send it back."),
        "not submitted": t("Commissioning", "It was not submitted yet."),
        "signature missing": t("Commissioning", "Somebody must be signed in to sign."),
        "not accepted": t("Commissioning", "It was not accepted yet."),
    }.get(problem, problem)


def note_text(note: str) -> str:
    """What a measurement found wrong."""
    t = QCoreApplication.translate
    if note.startswith("no movement: "):
        return t("Commissioning", "no movement: {axes}").format(axes=note.partition(": ")[2])
    return {
        "": "",
        "no code": t("Commissioning", "The camera has no code yet."),
        "bad code": t("Commissioning", "The code breaks the rules of GB/T 28181."),
        "no such stream": t("Commissioning", "The camera has no such stream."),
        "slow": t("Commissioning", "The first picture took longer than 5 s."),
        "loss": t("Commissioning", "Pictures are missing."),
        "one connection": t("Commissioning", "The camera bears one connection only."),
        "no ONVIF": t("Commissioning", "The camera has no ONVIF address."),
        "no events": t("Commissioning", "The camera tells no events."),
        "clock": t("Commissioning", "The camera's clock is wrong."),
        "slow stop": t("Commissioning", "It took longer than 2 s to stand still."),
    }.get(note) or failure_text(note, note)


def values_text(values: Mapping[str, Any]) -> str:
    """Measured values in one line."""
    t = QCoreApplication.translate
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
        "jitter_ms": t("Commissioning", "jitter"),
        "gop_s": t("Commissioning", "key frame every"),
        "lost_percent": t("Commissioning", "lost"),
        "first_picture_s": t("Commissioning", "first picture after"),
        "longest_gap_s": t("Commissioning", "longest gap"),
        "offset_s": t("Commissioning", "off by"),
        "ptz_stop_s": t("Commissioning", "stands after"),
        "borne": t("Commissioning", "borne"),
        "tried": t("Commissioning", "tried"),
        "judged_by": t("Commissioning", "judged by"),
        "left": t("Commissioning", "left"),
        "right": t("Commissioning", "right"),
        "up": t("Commissioning", "up"),
        "down": t("Commissioning", "down"),
        "in": t("Commissioning", "in"),
        "out": t("Commissioning", "out"),
        "text": "",
        "code": "",
        "service": "",
    }
    words = {
        "moves": t("Commissioning", "moves"),
        "does not move": t("Commissioning", "does not move"),
        "position": t("Commissioning", "position"),
        "picture": t("Commissioning", "picture"),
    }
    parts = []
    if "width" in values and "height" in values:
        parts.append(f"{values['width']:.0f}×{values['height']:.0f}")
    for name, value in values.items():
        if name in ("width", "height") or value is None or value == "":
            continue
        shown = f"{value:g}" if isinstance(value, int | float) else words.get(value, value)
        unit = names.get(name, "")
        parts.append(" ".join(p for p in (labels.get(name, ""), shown, unit) if p))
    return "  ·  ".join(parts)
