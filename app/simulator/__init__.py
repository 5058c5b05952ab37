"""Cameras that are not there: RTSP and ONVIF servers, and fault injection."""
