"""Words for setting up many cameras: settings, values, what hinders, what came of it."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from app.devices.errors import DeviceError, ErrorCode
from app.domain.setup import (
    MAX_PASSWORD,
    MIN_PASSWORD,
    SIGNS,
    Change,
    Mistake,
    Outcome,
    PasswordFault,
    Setting,
    Step,
    Value,
    Why,
)
from app.ui.discovery import offset_text
from app.ui.ptz_panel import device_error_text

S = Setting


def setting_text(setting: Setting) -> str:
    """What is set."""
    translate = QCoreApplication.translate
    role, _, name = setting.value.rpartition(".")
    if role:
        stream = {
            "main": translate("Setup", "Main stream"), "sub": translate("Setup", "Substream"),
        }[role]  # fmt: skip
        what = {
            "codec": translate("Setup", "codec"),
            "size": translate("Setup", "picture size"),
            "fps": translate("Setup", "frame rate"),
            "kbps": translate("Setup", "bit rate"),
            "gop": translate("Setup", "key frame every"),
        }[name]
        return translate("Setup", "{stream}: {what}").format(stream=stream, what=what)
    return {
        S.NTP: translate("Setup", "Time servers"),
        S.TIME_ZONE: translate("Setup", "Time zone"),
        S.CLOCK_MODE: translate("Setup", "Clock is set by"),
        S.CLOCK: translate("Setup", "Clock is off by"),
        S.HOSTNAME: translate("Setup", "Host name"),
        S.NAME: translate("Setup", "Name in the camera"),
        S.TEXT: translate("Setup", "Text on the picture"),
        S.TEXT_PLACE: translate("Setup", "Place of the text"),
        S.TIME_PLACE: translate("Setup", "Place of date and time"),
        S.ACCOUNT: translate("Setup", "Account"),
    }[setting]


def place_text(place: str) -> str:
    """A corner of the picture."""
    translate = QCoreApplication.translate
    return {
        "UpperLeft": translate("Setup", "top left"),
        "UpperRight": translate("Setup", "top right"),
        "LowerLeft": translate("Setup", "bottom left"),
        "LowerRight": translate("Setup", "bottom right"),
        "Custom": translate("Setup", "elsewhere"),
    }.get(place, place)


def codec_text(codec: str) -> str:
    """A codec as people write it."""
    return {"h264": "H.264", "h265": "H.265", "mjpeg": "MJPEG"}.get(codec, codec.upper())


def value_text(setting: Setting, value: Value) -> str:
    """A value with its unit."""
    translate = QCoreApplication.translate
    if value is None:
        return "" if setting is S.ACCOUNT else translate("Setup", "none")
    if isinstance(value, int | float):
        if setting is S.CLOCK:
            return offset_text(float(value))
        form = {
            "fps": translate("Setup", "{number} pictures a second"),
            "kbps": translate("Setup", "{number} kbit/s"),
            "gop": translate("Setup", "{number} pictures"),
        }[setting.value.rpartition(".")[2]]
        return form.format(number=f"{value:g}")
    if setting in (S.TEXT_PLACE, S.TIME_PLACE):
        return place_text(value)
    if setting.value.endswith(".codec"):
        return codec_text(value)
    if setting.value.endswith(".size"):
        return value.replace("x", " × ")
    if setting is S.CLOCK_MODE:
        return {
            "NTP": translate("Setup", "time servers"), "Manual": translate("Setup", "hand"),
        }.get(value, value)  # fmt: skip
    if setting is S.NTP:
        if value == "DHCP":
            return translate("Setup", "those of the network (DHCP)")
        return value or translate("Setup", "none")
    return value


def new_text(change: Change) -> str:
    """What it will be."""
    translate = QCoreApplication.translate
    if change.setting is S.ACCOUNT:
        if change.new is None:
            return "–"
        if change.new == change.old:
            return translate("Setup", "{user}, new password").format(user=change.new)
        return str(change.new)
    if not change.can:
        return "–"
    if change.setting is S.CLOCK:
        return translate("Setup", "right")
    return value_text(change.setting, change.new)


def why_text(change: Change) -> str:
    """Why a wish is not met, or not as it was wished; "" where it is."""
    translate = QCoreApplication.translate
    if change.why is None:
        return ""
    text = {
        Why.NOT_SUPPORTED: translate("Setup", "The camera does not have this."),
        Why.FIXED: translate("Setup", "The camera does not let this account change it."),
        Why.NEAREST: translate("Setup", "nearest to {wanted}, which it does not have"),
        Why.NO_NAME: translate("Setup", "The register has nothing for {wanted}."),
        Why.NOT_READ: translate("Setup", "The camera did not say what it is now."),
        Why.PASSWORD: translate("Setup", "The camera takes no password that long."),
        Why.USERNAME: translate("Setup", "The camera takes no user name that long."),
        Why.NO_UNDO: translate("Setup", "A wrong clock is not brought back."),
        Why.OTHER_CAMERA: translate("Setup", "Of the whole device: set with its first camera."),
    }[change.why]
    return text.format(wanted=value_text(change.setting, change.wanted))


def outcome_text(step: Step) -> str:
    """What came of a change, and what to do."""
    translate = QCoreApplication.translate
    account = step.change.setting is S.ACCOUNT
    text = {
        Outcome.DONE: translate("Setup", "done"),
        Outcome.OTHER: translate("Setup", "the camera made {now} of it"),
        Outcome.UNCHANGED: translate("Setup", "the camera said yes and changed nothing"),
        Outcome.REFUSED: translate("Setup", "refused: {detail}"),
        Outcome.NO_ANSWER: translate("Setup", "no answer: read it again to see what it did"),
        Outcome.NOT_BEGUN: translate("Setup", "not begun"),
        Outcome.UNSURE: translate(
            "Setup", "not sure which password counts: both are kept, and tried again by and by"
        ),
        Outcome.OLD_STAYS: translate("Setup", "the new account works, but the old one still does"),
    }[step.outcome]
    if account and step.outcome is Outcome.UNCHANGED:
        text = translate("Setup", "still the old password; the new one is kept too for a while")
    detail = _detail_text(step.detail)
    text = text.format(now=value_text(step.change.setting, step.now), detail=detail)
    if detail and step.outcome in (Outcome.NOT_BEGUN, Outcome.OLD_STAYS):
        text += f" ({detail})"
    return text


def _detail_text(detail: str) -> str:
    """A device's own words as they are, our codes in words."""
    translate = QCoreApplication.translate
    if not detail.startswith("@"):
        return detail
    if detail == "@unsettled":
        return translate(
            "Setup", "an earlier change of this password is not settled yet; wait 2 minutes"
        )
    if detail == "@streams":
        return translate(
            "Setup",
            "the pictures of this camera have accounts of their own: change both in its web page",
        )
    if detail == "@gone":
        return translate("Setup", "the camera was removed")
    return device_error_text(DeviceError(ErrorCode(detail[1:]), "")).rstrip(".。")


def mistake_text(mistake: Mistake) -> str:
    """What to mend in a template."""
    translate = QCoreApplication.translate
    return {
        Mistake.PATTERN: translate(
            "Setup", "Only {name}, {name_en}, {code}, {number} and {site} can stand in braces."
        ),
        Mistake.NTP: translate("Setup", "Give the time servers: addresses or names, or DHCP."),
        Mistake.TIME_ZONE: translate("Setup", "A time zone looks like CST-8 or UTC0."),
        Mistake.PLACE: translate("Setup", "Text and time cannot be in the same corner."),
        Mistake.USERNAME: translate(
            "Setup", "A user name: letters and digits, a letter first, up to 32."
        ),
        Mistake.SIZE: translate("Setup", "A picture size looks like 1920x1080."),
    }[mistake]


def password_text(fault: PasswordFault) -> str:
    """Why a password is not taken."""
    translate = QCoreApplication.translate
    return {
        PasswordFault.SHORT: translate("Setup", "At least {count} characters."),
        PasswordFault.LONG: translate("Setup", "At most {count} characters: many cameras take no more."),
        PasswordFault.CHARACTERS: translate("Setup", "Only letters, digits and {signs}"),
        PasswordFault.CLASSES: translate(
            "Setup", "Three of these: small letters, capitals, digits, signs."
        ),
        PasswordFault.USERNAME: translate("Setup", "It must not contain the user name."),
        PasswordFault.DEFAULT: translate("Setup", "This is a password that cameras come with."),
        PasswordFault.ROW: translate("Setup", "No row such as 1234, abcd or 7777."),
    }[fault].format(
        count=MIN_PASSWORD if fault is PasswordFault.SHORT else MAX_PASSWORD, signs=SIGNS
    )  # fmt: skip


def trouble_text(error: Exception) -> str:
    """Why a camera could not be read."""
    from app.ui.i18n import error_text

    return device_error_text(error) if isinstance(error, DeviceError) else error_text(error)
