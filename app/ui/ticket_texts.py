"""What faults, their states and refusals are called."""

from __future__ import annotations

from datetime import datetime, timedelta

from PySide6.QtCore import QCoreApplication

from app.domain.ticket import CATEGORY, OPEN, Action, Refusal, State
from app.store.tickets import Line, TicketError
from app.ui import i18n


def category_text(code: str) -> str:
    """A category's name."""
    translate = QCoreApplication.translate
    names = {
        "V01": translate("Fault", "No signal"),
        "V02": translate("Fault", "Black picture"),
        "V03": translate("Fault", "Frozen picture"),
        "V04": translate("Fault", "Blurred picture"),
        "V05": translate("Fault", "Dirty lens"),
        "V06": translate("Fault", "View blocked"),
        "V07": translate("Fault", "Looks the wrong way"),
        "V08": translate("Fault", "Wrong colours"),
        "V09": translate("Fault", "Noise or stripes"),
        "V10": translate("Fault", "Shaking picture"),
        "V11": translate("Fault", "Too dark or too bright"),
        "V12": translate("Fault", "Stutter or mosaic"),
        "O01": translate("Fault", "Wrong time in the picture"),
        "O02": translate("Fault", "Text in the picture missing"),
        "O03": translate("Fault", "Wrong text in the picture"),
        "P01": translate("Fault", "PTZ does not answer"),
        "P02": translate("Fault", "Wrong preset position"),
        "P03": translate("Fault", "PTZ jams or is noisy"),
        "P04": translate("Fault", "Zoom or focus"),
        "P05": translate("Fault", "Wiper or heater"),
        "E01": translate("Fault", "Power cut"),
        "E02": translate("Fault", "Breaker"),
        "E03": translate("Fault", "Power adapter"),
        "E04": translate("Fault", "Power line"),
        "E05": translate("Fault", "Lightning"),
        "E06": translate("Fault", "UPS or battery"),
        "N01": translate("Fault", "Fibre"),
        "N02": translate("Fault", "Transceiver or ONU"),
        "N03": translate("Fault", "Network down: switch or port"),
        "N04": translate("Fault", "Address conflict"),
        "N05": translate("Fault", "Too little bandwidth"),
        "N06": translate("Fault", "Wireless link"),
        "S01": translate("Fault", "No recording"),
        "S02": translate("Fault", "Gaps in the recording"),
        "S03": translate("Fault", "Kept too short"),
        "S04": translate("Fault", "Disk"),
        "S05": translate("Fault", "Playback fails"),
        "M01": translate("Fault", "Pole"),
        "M02": translate("Fault", "Bracket"),
        "M03": translate("Fault", "Cabinet open or damaged"),
        "M04": translate("Fault", "Theft"),
        "M05": translate("Fault", "Construction work"),
        "M06": translate("Fault", "Plants"),
        "M07": translate("Fault", "Water"),
        "C01": translate("Fault", "Platform"),
        "C02": translate("Fault", "Gateway or cascade"),
        "C03": translate("Fault", "Console"),
        "C04": translate("Fault", "Wall or display"),
        "C05": translate("Fault", "Permission or data"),
        "X01": translate("Fault", "Default or weak password"),
        "X02": translate("Fault", "Unknown sign-in"),
        "X03": translate("Fault", "Firmware vulnerability"),
        "X04": translate("Fault", "Certificate expired"),
    }
    return names.get(code, code)


def group_text(group: str) -> str:
    """A group of categories."""
    translate = QCoreApplication.translate
    return {
        "V": translate("Fault", "Picture"),
        "O": translate("Fault", "Text and time"),
        "P": translate("Fault", "PTZ"),
        "E": translate("Fault", "Power"),
        "N": translate("Fault", "Network"),
        "S": translate("Fault", "Recording"),
        "M": translate("Fault", "Site and mechanics"),
        "C": translate("Fault", "Platform and console"),
        "X": translate("Fault", "Security"),
    }.get(group, group)


def state_text(state: State) -> str:
    """A state in one or two words."""
    translate = QCoreApplication.translate
    return {
        State.NEW: translate("Fault", "new"),
        State.TRIAGED: translate("Fault", "sorted"),
        State.DISPATCHED: translate("Fault", "dispatched"),
        State.ACCEPTED: translate("Fault", "accepted"),
        State.ON_SITE: translate("Fault", "on site"),
        State.SUSPENDED: translate("Fault", "suspended"),
        State.REPAIRED: translate("Fault", "repaired"),
        State.VERIFIED: translate("Fault", "verified"),
        State.CLOSED: translate("Fault", "closed"),
        State.CANCELLED: translate("Fault", "cancelled"),
        State.MERGED: translate("Fault", "joined to another"),
    }[state]


def action_text(action: Action) -> str:
    """An action as a button says it."""
    translate = QCoreApplication.translate
    return {
        Action.JOIN: translate("Fault", "Report again"),
        Action.COMMENT: translate("Fault", "Comment"),
        Action.SIGNAL: translate("Fault", "Note of the picture"),
        Action.CHECK: translate("Fault", "Camera verified"),
        Action.SEPARATE: translate("Fault", "Separate cameras"),
        Action.TRIAGE: translate("Fault", "Sort"),
        Action.PRIORITY: translate("Fault", "Change priority"),
        Action.DISPATCH: translate("Fault", "Dispatch"),
        Action.DECLINE: translate("Fault", "Send back"),
        Action.ACCEPT: translate("Fault", "Accept"),
        Action.ARRIVE: translate("Fault", "On site now"),
        Action.ASK_PAUSE: translate("Fault", "Ask for a pause"),
        Action.PAUSE: translate("Fault", "Suspend"),
        Action.REFUSE_PAUSE: translate("Fault", "Refuse the pause"),
        Action.RESUME: translate("Fault", "Resume"),
        Action.REPAIR: translate("Fault", "Repaired"),
        Action.VERIFY: translate("Fault", "Verify"),
        Action.REOPEN: translate("Fault", "Reopen"),
        Action.CLOSE: translate("Fault", "Close"),
        Action.CANCEL: translate("Fault", "Cancel ticket"),
        Action.MERGE: translate("Fault", "Join to another"),
        Action.UNMERGE: translate("Fault", "Separate again"),
        Action.ESCALATE: translate("Fault", "Escalate"),
        Action.ACKNOWLEDGE: translate("Fault", "I know of it"),
    }[action]


def pause_text(reason: str) -> str:
    """A reason to stop the clock."""
    translate = QCoreApplication.translate
    return {
        "no_power": translate("Fault", "no power from the grid"),
        "no_access": translate("Fault", "site access refused"),
        "road_closed": translate("Fault", "road closed"),
        "approval": translate("Fault", "waiting for approval"),
        "force_majeure": translate("Fault", "force majeure"),
    }.get(reason, reason)


def refusal_text(refusal: Refusal) -> str:
    """Why something may not be done, for a person."""
    translate = QCoreApplication.translate
    state = state_text(State(refusal.detail)) if refusal.detail in set(State) else ""
    return {
        "forbidden": translate("Fault", "This is for others to do: your role may not."),
        "invalid_state": translate("Fault", "Not while it is: {state}.").format(state=state),
        "same_person": translate("Fault", "You worked on it: somebody else has to verify it."),
        "missing": translate("Fault", "Something is missing."),
        "not_live": translate(
            "Fault", "The wall must have seen the picture live for {seconds} s first."
        ).format(seconds=refusal.detail),
        "not_compared": translate("Fault", "Compare it with the reference picture first."),
        "not_all": translate(
            "Fault", "{count} of its cameras were not compared yet: verify or separate them."
        ).format(count=refusal.detail),
        "unrelated": translate(
            "Fault", "They have neither camera, site nor kind of fault in common."
        ),
        "lost_again": translate("Fault", "The picture went again after it had been verified."),
        "too_late": translate("Fault", "Closed too long ago: report a new fault."),
        "unknown": translate("Fault", "This ticket is not on this console any more."),
    }.get(refusal.code, refusal.code)


def problem_text(error: Exception) -> str:
    """An error of the ticket desk."""
    return refusal_text(error.refusal) if isinstance(error, TicketError) else i18n.error_text(error)


def number_text(line: Line) -> str:
    """A ticket's number as people say it."""
    return f"#{line.number}"


def when_text(moment: datetime | None) -> str:
    """Local date and time with seconds; "" for none."""
    return "" if moment is None else f"{moment.astimezone():%Y-%m-%d %H:%M:%S}"


def short_when(moment: datetime, now: datetime) -> str:
    """Local time; with the day where it is another."""
    here, today = moment.astimezone(), now.astimezone().date()
    return f"{here:%H:%M}" if here.date() == today else f"{here:%m-%d %H:%M}"


def span_text(span: timedelta) -> str:
    """A length of time in two units."""
    translate = QCoreApplication.translate
    minutes = max(0, round(abs(span.total_seconds()) / 60))
    if minutes < 60:
        return translate("Fault", "{minutes} min").format(minutes=minutes)
    if minutes < 48 * 60:
        return translate("Fault", "{hours} h {minutes} min").format(
            hours=minutes // 60, minutes=f"{minutes % 60:02d}"
        )
    return translate("Fault", "{days} d {hours} h").format(
        days=minutes // 1440, hours=minutes % 1440 // 60
    )


def due_text(line: Line, now: datetime) -> str:
    """What the clock says: shape and words, so that colour is not alone."""
    translate = QCoreApplication.translate
    if line.state is State.SUSPENDED:
        return translate("Fault", "❚❚ suspended")
    if line.due is None:
        return ""
    span = span_text(line.due - now)
    mark = "  ⇧" if line.level or line.escalated(now) else ""
    if line.overdue(now):
        return translate("Fault", "▲ OVERDUE by {span}").format(span=span) + mark
    return translate("Fault", "{span} left").format(span=span) + mark


def back_text(line: Line) -> str:
    """Whether the wall saw the picture return; "" where it did not."""
    translate = QCoreApplication.translate
    if not line.back or line.state not in OPEN:
        return ""
    if line.is_back:
        return translate("Fault", "◉ picture is back")
    return translate("Fault", "◉ {back} of {all} back").format(back=line.back, all=line.cameras)


def badge_text(line: Line, now: datetime) -> tuple[str, str]:
    """What a tile says of its camera's open ticket: short, and where there is room."""
    mark = "▲" if line.overdue(now) else "◢"
    short = f"{mark}{number_text(line)}"
    text = f"{short} {state_text(line.state)} {short_when(line.state_since, now)}"
    back = back_text(line) if line.cameras == 1 else ""
    return short, f"{text}  {back}" if back else text


def category_label(code: str) -> str:
    """A category with its code."""
    return f"{code} {category_text(code)}" if code in CATEGORY else code
