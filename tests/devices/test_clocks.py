"""T5: a camera whose clock is ten hours off, and jumps while it is in use."""

from __future__ import annotations

import pytest

from app.devices.onvif import connect
from app.devices.soap import SoapClient
from app.domain.camera import Credentials
from app.simulator.process import Simulator
from app.ui.discovery import offset_text

TEN_H = 36_000


@pytest.mark.parametrize("skew", [TEN_H, -TEN_H])
@pytest.mark.parametrize("fault", ["token-only", "digest-only"])
def test_t5_a_clock_ten_hours_off_that_jumps_costs_one_retry_nobody_sees(
    simulator: Simulator, monkeypatch: pytest.MonkeyPatch, skew: int, fault: str
) -> None:
    simulator.fault("cam6", fault)
    simulator.set_clock_skew("cam6", skew)
    info = simulator.camera("cam6")
    device = connect(info.onvif_url, Credentials(info.username, info.password))
    assert device.information().serial == "WRSIM000006"
    assert device.clock_offset_s == pytest.approx(skew, abs=2)
    assert offset_text(device.clock_offset_s) == ("+10 h" if skew > 0 else "−10 h")
    tried: list[str] = []
    once = SoapClient._once

    def counted(self: SoapClient, address: str, body: str, header: str, way: str, *a: object
                ) -> object:  # fmt: skip
        tried.append(way)
        return once(self, address, body, header, way, *a)  # type: ignore[arg-type]

    monkeypatch.setattr(SoapClient, "_once", counted)
    simulator.set_clock_skew("cam6", -skew)
    assert device.information().serial == "WRSIM000006"
    if fault == "token-only":
        # Refused, the clock asked (unsigned), once more with the new time.
        assert [t for t in tried if t] == ["token", "token"]
        assert device.clock_offset_s == pytest.approx(-skew, abs=2)
        assert offset_text(device.clock_offset_s) == ("−10 h" if skew > 0 else "+10 h")
    else:
        assert tried == ["digest"]  # has no time in it
    tried.clear()
    device.information()
    assert len(tried) == 1
