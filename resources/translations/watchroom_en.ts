<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en">
<context>
    <name>CostPanel</name>
    <message numerus="yes">
        <source>%n stream(s)</source>
        <translation>
            <numerusform>%n stream</numerusform>
            <numerusform>%n streams</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n of them give way</source>
        <translation>
            <numerusform>%n of them gives way</numerusform>
            <numerusform>%n of them give way</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>EvidenceDesk</name>
    <message numerus="yes">
        <source>It has %n gap(s): see the manifest.</source>
        <translation>
            <numerusform>It has %n gap: see the manifest.</numerusform>
            <numerusform>It has %n gaps: see the manifest.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Forecaster</name>
    <message numerus="yes">
        <source>%n camera(s) will probably drop to the small stream:</source>
        <translation>
            <numerusform>%n camera will probably drop to the small stream:</numerusform>
            <numerusform>%n cameras will probably drop to the small stream:</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source> and %n more</source>
        <translation>
            <numerusform> and %n more</numerusform>
            <numerusform> and %n more</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>LockDialog</name>
    <message numerus="yes">
        <source>Wait %n second(s) before the next try.</source>
        <translation>
            <numerusform>Wait %n second before the next try.</numerusform>
            <numerusform>Wait %n seconds before the next try.</numerusform>
        </translation>
    </message>
</context>
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
    <name>PlayerWindow</name>
    <message numerus="yes">
        <source>%n gap(s)</source>
        <translation>
            <numerusform>%n gap</numerusform>
            <numerusform>%n gaps</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>RegisterDialog</name>
    <message numerus="yes">
        <source>%n entry(ies), gap-free, and the chain of hashes holds.</source>
        <translation>
            <numerusform>%n entry, gap-free, and the chain of hashes holds.</numerusform>
            <numerusform>%n entries, gap-free, and the chain of hashes holds.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>SecondPersonDialog</name>
    <message numerus="yes">
        <source>Wait %n second(s) before the next try.</source>
        <translation>
            <numerusform>Wait %n second before the next try.</numerusform>
            <numerusform>Wait %n seconds before the next try.</numerusform>
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
<context>
    <name>SyncLabel</name>
    <message numerus="yes">
        <source>%n file(s) waiting</source>
        <translation>
            <numerusform>%n file waiting</numerusform>
            <numerusform>%n files waiting</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>TourDialog</name>
    <message numerus="yes">
        <source>%n step(s)</source>
        <translation>
            <numerusform>%n step</numerusform>
            <numerusform>%n steps</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n camera(s)</source>
        <translation>
            <numerusform>%n camera</numerusform>
            <numerusform>%n cameras</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>TourStrip</name>
    <message numerus="yes">
        <source>%n skipped</source>
        <translation>
            <numerusform>%n skipped</numerusform>
            <numerusform>%n skipped</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>WallWindow</name>
    <message numerus="yes">
        <source>%n camera(s) have no tile in this layout.</source>
        <translation>
            <numerusform>%n camera has no tile in this layout.</numerusform>
            <numerusform>%n cameras have no tile in this layout.</numerusform>
        </translation>
    </message>
</context>
</TS>
