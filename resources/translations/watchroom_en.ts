<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en">
<context>
    <name>AskDialog</name>
    <message numerus="yes">
        <source>%n camera(s)</source>
        <translation>
            <numerusform>%n camera</numerusform>
            <numerusform>%n cameras</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>AssetFileDialog</name>
    <message numerus="yes">
        <source>%n change(s) are not saved. Close and lose them?</source>
        <translation>
            <numerusform>%n change is not saved. Close and lose it?</numerusform>
            <numerusform>%n changes are not saved. Close and lose them?</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>AuditPage</name>
    <message numerus="yes">
        <source>%n entry(ies)</source>
        <translation>
            <numerusform>%n entry</numerusform>
            <numerusform>%n entries</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n of them were verified before, and not read again.</source>
        <translation>
            <numerusform>%n of them was verified before, and not read again.</numerusform>
            <numerusform>%n of them were verified before, and not read again.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>BulkDesk</name>
    <message numerus="yes">
        <source>%n camera(s): not sure yet which of two passwords counts. Both are kept; it is tried again every minute.</source>
        <translation>
            <numerusform>%n camera: not sure yet which of two passwords counts. Both are kept; it is tried again every minute.</numerusform>
            <numerusform>%n cameras: not sure yet which of two passwords counts. Both are kept; it is tried again every minute.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>BulkWindow</name>
    <message numerus="yes">
        <source>Reading %n camera(s)…</source>
        <translation>
            <numerusform>Reading %n camera…</numerusform>
            <numerusform>Reading %n cameras…</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n change(s)</source>
        <translation>
            <numerusform>%n change</numerusform>
            <numerusform>%n changes</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>on %n camera(s)</source>
        <translation>
            <numerusform>on %n camera</numerusform>
            <numerusform>on %n cameras</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n are as wished</source>
        <translation>
            <numerusform>%n are as wished</numerusform>
            <numerusform>%n are as wished</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n failed</source>
        <translation>
            <numerusform>%n failed</numerusform>
            <numerusform>%n failed</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n value(s)</source>
        <translation>
            <numerusform>%n value</numerusform>
            <numerusform>%n values</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n camera(s)</source>
        <translation>
            <numerusform>%n camera</numerusform>
            <numerusform>%n cameras</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>The account of %n camera(s) changes. The old password is forgotten only once the camera has taken the new one; until then both are kept.</source>
        <translation>
            <numerusform>The account of %n camera changes. The old password is forgotten only once the camera has taken the new one; until then both are kept.</numerusform>
            <numerusform>The account of %n cameras changes. The old password is forgotten only once the camera has taken the new one; until then both are kept.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n value(s) set</source>
        <translation>
            <numerusform>%n value set</numerusform>
            <numerusform>%n values set</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n value(s) brought back</source>
        <translation>
            <numerusform>%n value brought back</numerusform>
            <numerusform>%n values brought back</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n not</source>
        <translation>
            <numerusform>%n not</numerusform>
            <numerusform>%n not</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Setting up %n camera(s)…</source>
        <translation>
            <numerusform>Setting up %n camera…</numerusform>
            <numerusform>Setting up %n cameras…</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n of it not set</source>
        <translation>
            <numerusform>%n of it not set</numerusform>
            <numerusform>%n of it not set</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>CameraCommands</name>
    <message numerus="yes">
        <source>%n camera(s) added</source>
        <translation>
            <numerusform>%n camera added</numerusform>
            <numerusform>%n cameras added</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>CameraDialog</name>
    <message numerus="yes">
        <source>A recorder of %n channel(s): this is the first. “Find cameras” adds all.</source>
        <translation>
            <numerusform>A recorder of %n channel: this is the first. “Find cameras” adds all.</numerusform>
            <numerusform>A recorder of %n channels: this is the first. “Find cameras” adds all.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>CommissioningWindow</name>
    <message numerus="yes">
        <source>Sent back: %n item(s) to do again.</source>
        <translation>
            <numerusform>Sent back: %n item to do again.</numerusform>
            <numerusform>Sent back: %n items to do again.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n item(s) failed: “Report faults…” makes one fault of them.</source>
        <translation>
            <numerusform>%n item failed: “Report faults…” makes one fault of them.</numerusform>
            <numerusform>%n items failed: “Report faults…” makes one fault of them.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ControlBox</name>
    <message numerus="yes">
        <source>%n minute(s)</source>
        <translation>
            <numerusform>%n minute</numerusform>
            <numerusform>%n minutes</numerusform>
        </translation>
    </message>
</context>
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
    <name>DefinitionsDialog</name>
    <message numerus="yes">
        <source>%n value(s) stay stored and are shown again when the field is defined again.</source>
        <translation>
            <numerusform>%n value stays stored and is shown again when the field is defined again.</numerusform>
            <numerusform>%n values stay stored and are shown again when the field is defined again.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Desk</name>
    <message numerus="yes">
        <source>You have been watching for %n minute(s): take a short break.</source>
        <translation>
            <numerusform>You have been watching for %n minute: take a short break.</numerusform>
            <numerusform>You have been watching for %n minutes: take a short break.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>DetailsPanel</name>
    <message numerus="yes">
        <source>and %n more</source>
        <translation>
            <numerusform>and %n more</numerusform>
            <numerusform>and %n more</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>DeviceReviewDialog</name>
    <message numerus="yes">
        <source>%n field(s) differ. Nothing was changed: choose rows, then decide.</source>
        <translation>
            <numerusform>%n field differs. Nothing was changed: choose rows, then decide.</numerusform>
            <numerusform>%n fields differ. Nothing was changed: choose rows, then decide.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>DiscoveryDialog</name>
    <message numerus="yes">
        <source>Searching %n address(es)…</source>
        <translation>
            <numerusform>Searching %n address…</numerusform>
            <numerusform>Searching %n addresses…</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n row(s) cannot be used.</source>
        <translation>
            <numerusform>%n row cannot be used.</numerusform>
            <numerusform>%n rows cannot be used.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Ask the other %n</source>
        <translation>
            <numerusform>Ask the other %n</numerusform>
            <numerusform>Ask the other %n</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Asking %n address(es) of the list…</source>
        <translation>
            <numerusform>Asking %n address of the list…</numerusform>
            <numerusform>Asking %n addresses of the list…</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n device(s)</source>
        <translation>
            <numerusform>%n device</numerusform>
            <numerusform>%n devices</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n of them new</source>
        <translation>
            <numerusform>%n of them new</numerusform>
            <numerusform>%n of them new</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>&amp;Add %n camera(s)</source>
        <translation>
            <numerusform>&amp;Add %n camera</numerusform>
            <numerusform>&amp;Add %n cameras</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n camera(s) added</source>
        <translation>
            <numerusform>%n camera added</numerusform>
            <numerusform>%n cameras added</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n address(es) corrected</source>
        <translation>
            <numerusform>%n address corrected</numerusform>
            <numerusform>%n addresses corrected</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>EventsPanel</name>
    <message numerus="yes">
        <source>%n camera(s) listened to</source>
        <translation>
            <numerusform>%n camera listened to</numerusform>
            <numerusform>%n cameras listened to</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n not reached or refused</source>
        <translation>
            <numerusform>%n not reached or refused</numerusform>
            <numerusform>%n not reached or refused</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n dropped: too many at once</source>
        <translation>
            <numerusform>%n dropped: too many at once</numerusform>
            <numerusform>%n dropped: too many at once</numerusform>
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
    <name>ExportDialog</name>
    <message numerus="yes">
        <source>%n camera(s) written to {name}</source>
        <translation>
            <numerusform>%n camera written to {name}</numerusform>
            <numerusform>%n cameras written to {name}</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>FaultsDialog</name>
    <message numerus="yes">
        <source>%n item(s) failed. One click reports them as one fault of this camera, with their pictures.</source>
        <translation>
            <numerusform>%n item failed. One click reports them as one fault of this camera, with their pictures.</numerusform>
            <numerusform>%n items failed. One click reports them as one fault of this camera, with their pictures.</numerusform>
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
    <name>IncidentWindow</name>
    <message numerus="yes">
        <source>%n incident(s)</source>
        <translation>
            <numerusform>%n incident</numerusform>
            <numerusform>%n incidents</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>JoinDialog</name>
    <message numerus="yes">
        <source>Make one ticket of %n</source>
        <translation>
            <numerusform>Make one ticket of %n</numerusform>
            <numerusform>Make one ticket of %n</numerusform>
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
        <source>%n in trouble</source>
        <translation>
            <numerusform>%n in trouble</numerusform>
            <numerusform>%n in trouble</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>MaintenanceDialog</name>
    <message numerus="yes">
        <source>Maintenance of %n camera(s)</source>
        <translation>
            <numerusform>Maintenance of %n camera</numerusform>
            <numerusform>Maintenance of %n cameras</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n hour(s)</source>
        <translation>
            <numerusform>%n hour</numerusform>
            <numerusform>%n hours</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>MembersDialog</name>
    <message numerus="yes">
        <source>The first %n; type to narrow it down.</source>
        <translation>
            <numerusform>The first %n; type to narrow it down.</numerusform>
            <numerusform>The first %n; type to narrow it down.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n found</source>
        <translation>
            <numerusform>%n found</numerusform>
            <numerusform>%n found</numerusform>
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
    <name>Menus</name>
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
    <name>RegisterWindow</name>
    <message numerus="yes">
        <source>%n entry(ies)</source>
        <translation>
            <numerusform>%n entry</numerusform>
            <numerusform>%n entries</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n entry(ies), gap-free, and the chains hold.</source>
        <translation>
            <numerusform>%n entry, gap-free, and the chains hold.</numerusform>
            <numerusform>%n entries, gap-free, and the chains hold.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ReportDialog</name>
    <message numerus="yes">
        <source>S   The whole site: %n more camera(s) are gone too</source>
        <translation>
            <numerusform>S   The whole site: %n more camera is gone too</numerusform>
            <numerusform>S   The whole site: %n more cameras are gone too</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n photo(s)</source>
        <translation>
            <numerusform>%n photo</numerusform>
            <numerusform>%n photos</numerusform>
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
    <name>ServerDialog</name>
    <message numerus="yes">
        <source>%n entry(ies) have not been sent: they are kept, and sent when this console is connected with this server again.</source>
        <translation>
            <numerusform>%n entry has not been sent: it is kept, and sent when this console is connected with this server again.</numerusform>
            <numerusform>%n entries have not been sent: they are kept, and sent when this console is connected with this server again.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>SharedCameras</name>
    <message numerus="yes">
        <source>%n more</source>
        <translation>
            <numerusform>%n more</numerusform>
            <numerusform>%n more</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ShiftWindow</name>
    <message numerus="yes">
        <source>%n item(s) still to be read. Space reads one.</source>
        <translation>
            <numerusform>%n item still to be read. Space reads one.</numerusform>
            <numerusform>%n items still to be read. Space reads one.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>All %n item(s) were read.</source>
        <translation>
            <numerusform>The item was read.</numerusform>
            <numerusform>All %n items were read.</numerusform>
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
    <name>TicketDesk</name>
    <message numerus="yes">
        <source>⇧ %n fault(s) escalated</source>
        <translation>
            <numerusform>⇧ %n fault escalated</numerusform>
            <numerusform>⇧ %n faults escalated</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>and %n more: see the list of faults</source>
        <translation>
            <numerusform>and %n more: see the list of faults</numerusform>
            <numerusform>and %n more: see the list of faults</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>TicketWindow</name>
    <message numerus="yes">
        <source>%n fault(s)</source>
        <translation>
            <numerusform>%n fault</numerusform>
            <numerusform>%n faults</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n more: see the list</source>
        <translation>
            <numerusform>%n more: see the list</numerusform>
            <numerusform>%n more: see the list</numerusform>
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
    <name>UsesDialog</name>
    <message numerus="yes">
        <source>Opened %n time(s)</source>
        <translation>
            <numerusform>Opened %n time</numerusform>
            <numerusform>Opened %n times</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>by %n person(s)</source>
        <translation>
            <numerusform>by %n person</numerusform>
            <numerusform>by %n persons</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>VerifyDialog</name>
    <message numerus="yes">
        <source>%n other camera(s) to compare</source>
        <translation>
            <numerusform>%n other camera to compare</numerusform>
            <numerusform>%n other cameras to compare</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>WallCommands</name>
    <message numerus="yes">
        <source>%n camera(s) have no tile in this layout.</source>
        <translation>
            <numerusform>%n camera has no tile in this layout.</numerusform>
            <numerusform>%n cameras have no tile in this layout.</numerusform>
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