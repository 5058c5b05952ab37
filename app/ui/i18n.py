"""Languages, and the words for states and failures that come from below the UI as codes."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator
from PySide6.QtGui import QFont, QGuiApplication

from app.domain.load import Level
from app.paths import RESOURCES
from app.store.errors import StoreError
from app.ui.tasks import TaskTimeoutError
from app.video import libvlc
from app.video.types import Cause, StreamState

LANGUAGES = {"en": ("English", "Ctrl+Shift+E"), "zh_CN": ("简体中文", "Ctrl+Shift+C")}
"""Name in the language itself, and the key that switches to it."""


def system_language() -> str:
    """The language this computer speaks, if we speak it, else English."""
    return "zh_CN" if QLocale.system().language() == QLocale.Language.Chinese else "en"


class Language:
    """The language in use; switching sends LanguageChange events to every widget."""

    def __init__(self) -> None:
        self.current = "en"
        self._translators: list[QTranslator] = []

    def use(self, language: str) -> None:
        """Switch to "en" or "zh_CN"; anything else means English."""
        app = QCoreApplication.instance()
        assert app is not None
        for translator in self._translators:
            app.removeTranslator(translator)
        self._translators.clear()
        self.current = language if language in LANGUAGES else "en"
        # English has a file, too: for its plurals.
        ours = str(RESOURCES / "translations" / f"watchroom_{self.current}.qm")
        qts = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
        for file in (ours, f"{qts}/qtbase_{self.current}.qm"):
            translator = QTranslator(app)
            if translator.load(file):
                app.installTranslator(translator)
                self._translators.append(translator)
        if isinstance(app, QGuiApplication):
            # Quotes and apostrophes of a Chinese font are as wide as a character.
            font = app.font()
            wide = QFont.Tag("pwid")
            if self.current == "en":
                font.setFeature(wide, 1)
            else:
                font.unsetFeature(wide)
            app.setFont(font)


def state_text(state: StreamState) -> str:
    """A state in one or two words."""
    translate = QCoreApplication.translate
    return {
        StreamState.IDLE: translate("Stream", "not open"),
        StreamState.CONNECTING: translate("Stream", "connecting"),
        StreamState.LIVE: translate("Stream", "live"),
        StreamState.STALLED: translate("Stream", "stalled"),
        StreamState.DEGRADED: translate("Stream", "degraded"),
        StreamState.UNAUTHORIZED: translate("Stream", "access refused"),
        StreamState.UNREACHABLE: translate("Stream", "unreachable"),
        StreamState.UNSUPPORTED: translate("Stream", "cannot be shown"),
        StreamState.NO_SIGNAL: translate("Stream", "no signal"),
    }[state]


def relief_text(code: str) -> str:
    """What a tile gave up as this computer is short of power, in a few words, or ""."""
    translate = QCoreApplication.translate
    return {
        "load-sub": translate("Stream", "PC busy: small stream"),
        "load-skip": translate("Stream", "PC busy: fewer pictures"),
        "load-key": translate("Stream", "PC busy: key frames"),
    }.get(code, "")


def level_text(level: Level) -> str:
    """What a stream does without, in a table; "" for nothing."""
    translate = QCoreApplication.translate
    return {
        Level.FULL: "",
        Level.SUB: translate("Stream", "small stream"),
        Level.SKIP: translate("Stream", "fewer pictures"),
        Level.KEY: translate("Stream", "key frames"),
    }[level]


def cause_text(cause: Cause) -> str:
    """Who is to blame, or ""."""
    translate = QCoreApplication.translate
    return {
        Cause.NONE: "",
        Cause.NETWORK: translate("Stream", "network"),
        Cause.CAMERA: translate("Stream", "camera"),
        Cause.THIS_COMPUTER: translate("Stream", "this computer"),
    }[cause]


def codec_text(codec: str) -> str:
    """A codec as people write it."""
    return {"h264": "H.264", "h265": "H.265", "hevc": "H.265", "mjpeg": "MJPEG"}.get(
        codec, codec.upper()
    )


def failure_text(code: str, fallback: str) -> str:
    """What happened and what to do, for a code of `video.state`."""
    translate = QCoreApplication.translate
    if code.startswith(libvlc.no_module("")):
        text = translate("Stream", "The libVLC of this computer has no {module} module.")
        return text.format(module=code.removeprefix(libvlc.no_module("")))
    return {
        "unauthorized": translate("Stream", "User name or password refused. Edit the camera."),
        "forbidden": translate("Stream", "This account may not watch this stream."),
        "not-found": translate(
            "Stream", "The camera does not know this stream. Check its address."
        ),
        "refused-4xx": translate("Stream", "The camera refused: too many connections?"),
        "server-error": translate("Stream", "The camera reports an error of its own."),
        "connection-refused": translate("Stream", "Nothing answers at this address and port."),
        "no-route": translate("Stream", "The network has no way to this address."),
        "unknown-host": translate("Stream", "The host name is not known."),
        "tls-untrusted": translate(
            "Stream", "The camera's certificate is not trusted. Edit the camera to accept it."
        ),
        "timeout": translate("Stream", "No answer in time."),
        "connection-lost": translate("Stream", "The connection was cut."),
        "bad-answer": translate("Stream", "The camera gave no sensible answer."),
        "ended": translate("Stream", "The camera ended the stream."),
        "undecodable": translate("Stream", "The stream cannot be decoded here."),
        "no-video": translate("Stream", "There is no video at this address."),
        "bad-address": translate("Stream", "The address cannot be opened. Edit the camera."),
        "waiting": translate("Stream", "Connected; waiting for the camera's next whole picture."),
        "worker-lost": translate("Stream", "A decoder process ended and is being replaced."),
        libvlc.NO_LIBVLC: translate("Stream", "libVLC is not installed on this computer."),
        "stalled": translate("Stream", "Connected, but no new picture arrives."),
        "black": translate("Stream", "The camera sends a black picture."),
        "frozen": translate("Stream", "The camera repeats the same picture."),
        "dropping": translate("Stream", "This computer is too slow for all pictures."),
        "damaged": translate("Stream", "Pictures arrive damaged."),
        "slow": translate("Stream", "Fewer pictures arrive than before."),
        "hardware-failed": translate(
            "Stream", "The decoding device failed: streams go on, decoded by the processor."
        ),
        "hardware-crashed": translate(
            "Stream",
            "A decoder process died of the decoding device: hardware decoding is off now.",
        ),
        "load-sub": translate(
            "Stream", "This computer is short of power: the small stream is shown."
        ),
        "load-skip": translate(
            "Stream", "This computer is short of power: some pictures are left out."
        ),
        "load-key": translate(
            "Stream", "This computer is short of power: only key frames are shown."
        ),
    }.get(code, fallback)


def error_text(error: Exception) -> str:
    """What went wrong with stored data, for a person; technical words only after that."""
    translate = QCoreApplication.translate
    if isinstance(error, TaskTimeoutError):
        return translate("Store", "This took too long and was given up.")
    if isinstance(error, StoreError):
        known = {
            ("name", "empty"): translate("Store", "A name is needed."),
            ("name", "too-long"): translate("Store", "The name is too long (100 characters)."),
            ("name", "taken"): translate("Store", "This name is in use already."),
        }
        texts = [known[item] for item in error.fields.items() if item in known]
        if texts:
            return " ".join(texts)
        return translate("Store", "Stored data could not be read or changed. {reason}").format(
            reason=error
        )
    return str(error)
