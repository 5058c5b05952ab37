<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en">
<context>
    <name>MainWindow</name>
    <message numerus="yes">
        <source>%n camera(s) found no free tile.</source>
        <translation>
            <numerusform>%n camera found no free tile.</numerusform>
            <numerusform>%n cameras found no free tile.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n camera(s) have no tile in this layout.</source>
        <translation>
            <numerusform>%n camera has no tile in this layout.</numerusform>
            <numerusform>%n cameras have no tile in this layout.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n in trouble</source>
        <translation>
            <numerusform>%n in trouble</numerusform>
            <numerusform>%n in trouble</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Open %n camera(s) from the selected tile on</source>
        <translation>
            <numerusform>Open %n camera from the selected tile on</numerusform>
            <numerusform>Open %n cameras from the selected tile on</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Sidebar</name>
    <message numerus="yes">
        <source>%n camera(s)</source>
        <translation>
            <numerusform>%n camera</numerusform>
            <numerusform>%n cameras</numerusform>
        </translation>
    </message>
</context>
</TS>
