"""Cameras as devices: ONVIF, PTZ."""
