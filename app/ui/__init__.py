"""Qt Widgets: main window, wall, sidebar, PTZ, dialogs."""
