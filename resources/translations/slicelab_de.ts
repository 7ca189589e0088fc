<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de_DE" sourcelanguage="en">
<context>
    <name>slicelab</name>
    <message>
        <source>Project</source>
        <translation>Projekt</translation>
    </message>
    <message>
        <source>Edit</source>
        <translation>Bearbeiten</translation>
    </message>
    <message>
        <source>Mend</source>
        <translation>Ausbessern</translation>
    </message>
    <message>
        <source>View</source>
        <translation>Ansicht</translation>
    </message>
    <message>
        <source>Case</source>
        <translation>Fall</translation>
    </message>
    <message>
        <source>Job</source>
        <translation>Lernen</translation>
    </message>
    <message>
        <source>Help</source>
        <translation>Hilfe</translation>
    </message>
    <message>
        <source>Data</source>
        <translation>Daten</translation>
    </message>
    <message>
        <source>Pretrain</source>
        <translation>Vorlernen</translation>
    </message>
    <message>
        <source>Label</source>
        <translation>Zeichnen</translation>
    </message>
    <message>
        <source>Train</source>
        <translation>Lernen</translation>
    </message>
    <message>
        <source>Review</source>
        <translation>Prüfen</translation>
    </message>
    <message>
        <source>or</source>
        <translation>oder</translation>
    </message>
    <message>
        <source>New project …</source>
        <translation>Neues Projekt …</translation>
    </message>
    <message>
        <source>Three questions: name, place, classes.</source>
        <translation>Drei Fragen: Name, Ort, Klassen.</translation>
    </message>
    <message>
        <source>Open project …</source>
        <translation>Projekt öffnen …</translation>
    </message>
    <message>
        <source>Open a slicelab project folder.</source>
        <translation>Öffnet einen slicelab-Projektordner.</translation>
    </message>
    <message>
        <source>Add images …</source>
        <translation>Bilder …</translation>
    </message>
    <message>
        <source>Copy MR images into the project: NIfTI, DICOM, NRRD, MHA.</source>
        <translation>Kopiert MR-Bilder in das Projekt: NIfTI, DICOM, NRRD, MHA.</translation>
    </message>
    <message>
        <source>Add a folder …</source>
        <translation>Ordner …</translation>
    </message>
    <message>
        <source>Copy every MR image of a folder into the project.</source>
        <translation>Kopiert alle MR-Bilder eines Ordners in das Projekt.</translation>
    </message>
    <message>
        <source>Export labels …</source>
        <translation>Masken exportieren …</translation>
    </message>
    <message>
        <source>Writes your labels as NIfTI masks on the grids of the original files, with a table of what is done.</source>
        <translation>Schreibt Ihre Masken als NIfTI auf den Gittern der Originaldateien, mit einer Tabelle des Erledigten.</translation>
    </message>
    <message>
        <source>Export predictions …</source>
        <translation>Vorhersagen exportieren …</translation>
    </message>
    <message>
        <source>Writes the masks of the model in use as NIfTI on the grids of the original files.</source>
        <translation>Schreibt die Masken des verwendeten Modells als NIfTI auf den Gittern der Originaldateien.</translation>
    </message>
    <message>
        <source>Export measures …</source>
        <translation>Messwerte exportieren …</translation>
    </message>
    <message>
        <source>Writes volumes, Dice, HD95 and labelling time of every case and class as a table (CSV).</source>
        <translation>Schreibt Volumen, Dice, HD95 und Arbeitszeit jedes Falls und jeder Klasse als Tabelle (CSV).</translation>
    </message>
    <message>
        <source>Disk and removed items …</source>
        <translation>Speicher und Entferntes …</translation>
    </message>
    <message>
        <source>What the project takes on the disk; restores what was removed, or deletes it for good.</source>
        <translation>Was das Projekt an Speicher belegt; stellt Entferntes wieder her oder löscht es endgültig.</translation>
    </message>
    <message>
        <source>Close project</source>
        <translation>Projekt schließen</translation>
    </message>
    <message>
        <source>Back to the start page; everything is saved.</source>
        <translation>Zurück zur Startseite; alles ist gespeichert.</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>Beenden</translation>
    </message>
    <message>
        <source>Everything is saved already.</source>
        <translation>Alles ist bereits gespeichert.</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Rückgängig</translation>
    </message>
    <message>
        <source>Take back the last change of this case.</source>
        <translation>Nimmt die letzte Änderung an diesem Fall zurück.</translation>
    </message>
    <message>
        <source>Redo</source>
        <translation>Wiederholen</translation>
    </message>
    <message>
        <source>Do again what was taken back.</source>
        <translation>Wiederholt, was zurückgenommen wurde.</translation>
    </message>
    <message>
        <source>Erase</source>
        <translation>Radieren</translation>
    </message>
    <message>
        <source>Paint background.</source>
        <translation>Malt Hintergrund.</translation>
    </message>
    <message>
        <source>Paint</source>
        <translation>Malen</translation>
    </message>
    <message>
        <source>Paint the selected class.</source>
        <translation>Malt die gewählte Klasse.</translation>
    </message>
    <message>
        <source>Polygon</source>
        <translation>Umriss</translation>
    </message>
    <message>
        <source>Outline the selected class: click corners or drag; double click or Enter closes.</source>
        <translation>Umriss der gewählten Klasse: Ecken klicken oder ziehen; Doppelklick oder Enter schließt ihn.</translation>
    </message>
    <message>
        <source>Fill</source>
        <translation>Füllen</translation>
    </message>
    <message>
        <source>Fill the connected region under the cursor with the selected class.</source>
        <translation>Füllt das zusammenhängende Gebiet unter dem Zeiger mit der gewählten Klasse.</translation>
    </message>
    <message>
        <source>Pick</source>
        <translation>Aufnehmen</translation>
    </message>
    <message>
        <source>Select the class under the cursor.</source>
        <translation>Wählt die Klasse unter dem Zeiger.</translation>
    </message>
    <message>
        <source>Grow</source>
        <translation>Wachsen</translation>
    </message>
    <message>
        <source>Click: what looks like this place and hangs together with it is painted (region growing).</source>
        <translation>Klick: Was aussieht wie diese Stelle und mit ihr zusammenhängt, wird gemalt (Region Growing).</translation>
    </message>
    <message>
        <source>Lock or unlock class</source>
        <translation>Klasse sperren oder entsperren</translation>
    </message>
    <message>
        <source>No tool changes a locked class.</source>
        <translation>Kein Werkzeug ändert eine gesperrte Klasse.</translation>
    </message>
    <message>
        <source>Smaller brush</source>
        <translation>Kleinerer Pinsel</translation>
    </message>
    <message>
        <source>Larger brush</source>
        <translation>Größerer Pinsel</translation>
    </message>
    <message>
        <source>Interpolate</source>
        <translation>Interpolieren</translation>
    </message>
    <message>
        <source>Fills the unlabelled slices here from the outlines at both ends (shape-based); drafts until you confirm them.</source>
        <translation>Füllt die ungezeichneten Schichten hier aus den Umrissen an beiden Enden (formbasiert); Entwürfe, bis Sie sie bestätigen.</translation>
    </message>
    <message>
        <source>Interpolate all gaps</source>
        <translation>Alle Lücken interpolieren</translation>
    </message>
    <message>
        <source>Fills every run of unlabelled slices between two labelled ones; drafts until you confirm them.</source>
        <translation>Füllt alle ungezeichneten Schichten zwischen zwei gezeichneten; Entwürfe, bis Sie sie bestätigen.</translation>
    </message>
    <message>
        <source>Copy below</source>
        <translation>Von unten kopieren</translation>
    </message>
    <message>
        <source>Puts the outlines of the slice below on this one; a draft until you confirm it.</source>
        <translation>Übernimmt die Umrisse der Schicht darunter; ein Entwurf, bis Sie ihn bestätigen.</translation>
    </message>
    <message>
        <source>Copy above</source>
        <translation>Von oben kopieren</translation>
    </message>
    <message>
        <source>Puts the outlines of the slice above on this one; a draft until you confirm it.</source>
        <translation>Übernimmt die Umrisse der Schicht darüber; ein Entwurf, bis Sie ihn bestätigen.</translation>
    </message>
    <message>
        <source>Smooth</source>
        <translation>Glätten</translation>
    </message>
    <message>
        <source>Smooths the outline of the selected class.</source>
        <translation>Glättet den Umriss der gewählten Klasse.</translation>
    </message>
    <message>
        <source>Fill holes</source>
        <translation>Löcher füllen</translation>
    </message>
    <message>
        <source>Fills background that the class encloses.</source>
        <translation>Füllt Hintergrund, den die Klasse umschließt.</translation>
    </message>
    <message>
        <source>Remove islands</source>
        <translation>Inseln entfernen</translation>
    </message>
    <message>
        <source>Takes away pieces smaller than a tenth of the slice's largest piece of the class.</source>
        <translation>Entfernt Stücke, die kleiner sind als ein Zehntel des größten Stücks der Klasse in der Schicht.</translation>
    </message>
    <message>
        <source>Grow in mm</source>
        <translation>Vergrößern in mm</translation>
    </message>
    <message>
        <source>Makes the class larger all around, within its slices.</source>
        <translation>Vergrößert die Klasse ringsum, innerhalb ihrer Schichten.</translation>
    </message>
    <message>
        <source>Shrink in mm</source>
        <translation>Verkleinern in mm</translation>
    </message>
    <message>
        <source>Makes the class smaller all around.</source>
        <translation>Verkleinert die Klasse ringsum.</translation>
    </message>
    <message>
        <source>Next slice up</source>
        <translation>Eine Schicht hoch</translation>
    </message>
    <message>
        <source>One slice towards the head (or front, or right).</source>
        <translation>Eine Schicht in Richtung Kopf (oder vorn, oder rechts).</translation>
    </message>
    <message>
        <source>Next slice down</source>
        <translation>Eine Schicht tiefer</translation>
    </message>
    <message>
        <source>Ten slices up</source>
        <translation>Zehn Schichten hoch</translation>
    </message>
    <message>
        <source>Ten slices down</source>
        <translation>Zehn Schichten tiefer</translation>
    </message>
    <message>
        <source>Next slice that needs me</source>
        <translation>Nächste offene Schicht</translation>
    </message>
    <message>
        <source>The next draft or unlabelled slice above.</source>
        <translation>Der nächste Entwurf oder die nächste ungezeichnete Schicht darüber.</translation>
    </message>
    <message>
        <source>Previous slice that needs me</source>
        <translation>Vorige offene Schicht</translation>
    </message>
    <message>
        <source>Whole picture</source>
        <translation>Ganzes Bild</translation>
    </message>
    <message>
        <source>Show the whole slice.</source>
        <translation>Zeigt die ganze Schicht.</translation>
    </message>
    <message>
        <source>Other planes</source>
        <translation>Andere Ebenen</translation>
    </message>
    <message>
        <source>Show or hide the two other planes.</source>
        <translation>Zeigt oder verbirgt die beiden anderen Ebenen.</translation>
    </message>
    <message>
        <source>Masks on or off</source>
        <translation>Masken ein oder aus</translation>
    </message>
    <message>
        <source>Show or hide all masks. Hold Tab to peek.</source>
        <translation>Zeigt oder verbirgt alle Masken. Tab gedrückt: Blick ohne Masken.</translation>
    </message>
    <message>
        <source>Lighter masks</source>
        <translation>Blassere Masken</translation>
    </message>
    <message>
        <source>Stronger masks</source>
        <translation>Kräftigere Masken</translation>
    </message>
    <message>
        <source>Contour, fill or both</source>
        <translation>Kontur, Fläche oder beides</translation>
    </message>
    <message>
        <source>How masks are drawn.</source>
        <translation>Wie Masken gezeichnet werden.</translation>
    </message>
    <message>
        <source>Smooth or voxels</source>
        <translation>Glatt oder Voxel</translation>
    </message>
    <message>
        <source>Interpolate between voxels, or show them as they are.</source>
        <translation>Zwischen Voxeln interpolieren oder sie zeigen, wie sie sind.</translation>
    </message>
    <message>
        <source>Slice done</source>
        <translation>Schicht fertig</translation>
    </message>
    <message>
        <source>This slice is right, for every class. Only done slices teach; one without a voxel is verified empty.</source>
        <translation>Diese Schicht stimmt, für jede Klasse. Nur fertige Schichten lehren; eine ohne Voxel ist geprüft leer.</translation>
    </message>
    <message>
        <source>Clear slice</source>
        <translation>Schicht leeren</translation>
    </message>
    <message>
        <source>Takes the paint off this slice: it is unlabelled again, and never read as background. Can be undone.</source>
        <translation>Entfernt alles Gemalte dieser Schicht: Sie ist wieder unbekannt und gilt nie als Hintergrund. Kann zurückgenommen werden.</translation>
    </message>
    <message>
        <source>Case done</source>
        <translation>Fall fertig</translation>
    </message>
    <message>
        <source>Every drafted slice of this case is right.</source>
        <translation>Jeder Entwurf dieses Falls stimmt.</translation>
    </message>
    <message>
        <source>Accept slice</source>
        <translation>Schicht übernehmen</translation>
    </message>
    <message>
        <source>Takes the model's mask of this slice into your labels, as a draft to correct and confirm.</source>
        <translation>Übernimmt die Maske des Modells für diese Schicht, als Entwurf zum Korrigieren und Bestätigen.</translation>
    </message>
    <message>
        <source>Accept case</source>
        <translation>Fall übernehmen</translation>
    </message>
    <message>
        <source>Takes the model's mask into every slice of this case that is not done, as drafts; one undo takes it back.</source>
        <translation>Übernimmt die Maske des Modells in jede nicht fertige Schicht dieses Falls, als Entwürfe; ein Rückgängig nimmt es zurück.</translation>
    </message>
    <message>
        <source>Flag case</source>
        <translation>Fall markieren</translation>
    </message>
    <message>
        <source>Marks this case to come back to, or takes the mark off.</source>
        <translation>Markiert diesen Fall für später oder nimmt die Markierung weg.</translation>
    </message>
    <message>
        <source>Notes on case</source>
        <translation>Notizen zum Fall</translation>
    </message>
    <message>
        <source>Your remarks on this case; also found by the search.</source>
        <translation>Ihre Bemerkungen zu diesem Fall; auch die Suche findet sie.</translation>
    </message>
    <message>
        <source>Remove case</source>
        <translation>Fall entfernen</translation>
    </message>
    <message>
        <source>Takes this case out of the project. Nothing is deleted; it can be restored.</source>
        <translation>Nimmt diesen Fall aus dem Projekt. Nichts wird gelöscht; er kann wiederhergestellt werden.</translation>
    </message>
    <message>
        <source>Remove patient</source>
        <translation>Patienten entfernen</translation>
    </message>
    <message>
        <source>Takes every case of this patient out of the project; they can be restored.</source>
        <translation>Nimmt alle Fälle dieses Patienten aus dem Projekt; sie können wiederhergestellt werden.</translation>
    </message>
    <message>
        <source>Remove class</source>
        <translation>Klasse entfernen</translation>
    </message>
    <message>
        <source>Takes the selected class out of use. Its labels are kept; it can be restored.</source>
        <translation>Nimmt die gewählte Klasse außer Gebrauch. Ihre Masken bleiben; sie kann wiederhergestellt werden.</translation>
    </message>
    <message>
        <source>Next case</source>
        <translation>Nächster Fall</translation>
    </message>
    <message>
        <source>Previous case</source>
        <translation>Voriger Fall</translation>
    </message>
    <message>
        <source>Learn from all volumes</source>
        <translation>Aus allen Bildern lernen</translation>
    </message>
    <message>
        <source>Learn from {n} volumes of {n2}</source>
        <translation>Aus {n} von {n2} Bildern lernen</translation>
    </message>
    <message>
        <source>Learn from {n} volume of {n2}</source>
        <translation>Aus {n} von {n2} Bildern lernen</translation>
    </message>
    <message>
        <source>Learns from every volume, without labels (self-supervised pretraining).</source>
        <translation>Lernt aus allen Bildern, ohne Masken (selbstüberwachtes Vorlernen).</translation>
    </message>
    <message>
        <source>Learns from the slices you marked done (finetuning).</source>
        <translation>Lernt aus den Schichten, die Sie fertig gemeldet haben (Finetuning).</translation>
    </message>
    <message>
        <source>Predict</source>
        <translation>Vorhersagen</translation>
    </message>
    <message>
        <source>Segments every case with the model in use.</source>
        <translation>Segmentiert jeden Fall mit dem verwendeten Modell.</translation>
    </message>
    <message>
        <source>Measure Dice</source>
        <translation>Dice messen</translation>
    </message>
    <message>
        <source>Compares predictions with your done slices (3D Dice).</source>
        <translation>Vergleicht Vorhersagen mit Ihren fertigen Schichten (3D-Dice).</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>Anhalten</translation>
    </message>
    <message>
        <source>Holds the job still, or lets it go on.</source>
        <translation>Hält den Vorgang an oder lässt ihn weiterlaufen.</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Stopp</translation>
    </message>
    <message>
        <source>Stops the job; what it learned so far is kept where that is worth it.</source>
        <translation>Beendet den Vorgang; was bisher gelernt wurde, bleibt, wo es sich lohnt.</translation>
    </message>
    <message>
        <source>Continue</source>
        <translation>Fortsetzen</translation>
    </message>
    <message>
        <source>Lets the last job that was stopped or failed go on from what it had saved, with the labels it began with.</source>
        <translation>Setzt den letzten abgebrochenen oder gescheiterten Vorgang fort, vom gespeicherten Stand, mit den Masken von damals.</translation>
    </message>
    <message>
        <source>Continue on the CPU</source>
        <translation>Auf der CPU fortsetzen</translation>
    </message>
    <message>
        <source>Lets the job that ran out of graphics memory go on without the graphics processor: slower, same settings.</source>
        <translation>Setzt den Vorgang, dem der Grafikspeicher ausging, ohne Grafikkarte fort: langsamer, gleiche Einstellungen.</translation>
    </message>
    <message>
        <source>All commands …</source>
        <translation>Alle Befehle …</translation>
    </message>
    <message>
        <source>All commands</source>
        <translation>Alle Befehle</translation>
    </message>
    <message>
        <source>Finds every command by words.</source>
        <translation>Findet jeden Befehl über Wörter.</translation>
    </message>
    <message>
        <source>Settings …</source>
        <translation>Einstellungen …</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>Theme, size of text, language, your name, keys.</source>
        <translation>Farben, Schriftgröße, Sprache, Ihr Name, Tasten.</translation>
    </message>
    <message>
        <source>Tour of the window</source>
        <translation>Rundgang</translation>
    </message>
    <message>
        <source>Shows the four places worth knowing.</source>
        <translation>Zeigt die vier wichtigsten Stellen des Fensters.</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>Tasten</translation>
    </message>
    <message>
        <source>Every key on one sheet.</source>
        <translation>Alle Tasten auf einem Blatt.</translation>
    </message>
    <message>
        <source>About slicelab</source>
        <translation>Über slicelab</translation>
    </message>
    <message>
        <source>What do you want to do?</source>
        <translation>Was möchten Sie tun?</translation>
    </message>
    <message>
        <source>Not possible now.</source>
        <translation>Jetzt nicht möglich.</translation>
    </message>
    <message>
        <source>No command has these words.</source>
        <translation>Kein Befehl enthält diese Wörter.</translation>
    </message>
    <message>
        <source>Window</source>
        <translation>Fenster</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>Dunkel</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>Hell</translation>
    </message>
    <message>
        <source>Theme</source>
        <translation>Farben</translation>
    </message>
    <message>
        <source>Size of text</source>
        <translation>Schriftgröße</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>Sprache</translation>
    </message>
    <message>
        <source>Device</source>
        <translation>Rechnen auf</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>Automatisch</translation>
    </message>
    <message>
        <source>Graphics card</source>
        <translation>Grafikkarte</translation>
    </message>
    <message>
        <source>Processor</source>
        <translation>Prozessor</translation>
    </message>
    <message>
        <source>Looking for a graphics card …</source>
        <translation>Grafikkarte wird gesucht …</translation>
    </message>
    <message>
        <source>This computer has none that can be used</source>
        <translation>Dieser Rechner hat keine, die genutzt werden kann</translation>
    </message>
    <message>
        <source>Where jobs compute, from the next one on; Automatic takes what was measured as faster</source>
        <translation>Wo Aufträge rechnen, ab dem nächsten; „Automatisch“ nimmt, was gemessen schneller ist</translation>
    </message>
    <message>
        <source>trained on</source>
        <translation>gelernt</translation>
    </message>
    <message>
        <source>Trained on</source>
        <translation>Daraus gelernt</translation>
    </message>
    <message>
        <source>Validation</source>
        <translation>Validierung</translation>
    </message>
    <message>
        <source>validation</source>
        <translation>Validierung</translation>
    </message>
    <message>
        <source>Your name as reader</source>
        <translation>Ihr Name als Befunder</translation>
    </message>
    <message>
        <source>For example: AB</source>
        <translation>Zum Beispiel: AB</translation>
    </message>
    <message>
        <source>Everything grows with it (font scaling)</source>
        <translation>Alles wächst mit (Schriftskalierung)</translation>
    </message>
    <message>
        <source>Reports, exported tables and the command line stay English</source>
        <translation>Berichte, exportierte Tabellen und die Kommandozeile bleiben englisch</translation>
    </message>
    <message>
        <source>A smaller brush; its diameter is in mm.</source>
        <translation>Ein kleinerer Pinsel; sein Durchmesser ist in mm.</translation>
    </message>
    <message>
        <source>A larger brush; its diameter is in mm.</source>
        <translation>Ein größerer Pinsel; sein Durchmesser ist in mm.</translation>
    </message>
    <message>
        <source>One slice towards the feet (or back, or left).</source>
        <translation>Eine Schicht in Richtung Füße (oder hinten, oder links).</translation>
    </message>
    <message>
        <source>Ten slices towards the head (or front, or right).</source>
        <translation>Zehn Schichten in Richtung Kopf (oder vorn, oder rechts).</translation>
    </message>
    <message>
        <source>Ten slices towards the feet (or back, or left).</source>
        <translation>Zehn Schichten in Richtung Füße (oder hinten, oder links).</translation>
    </message>
    <message>
        <source>The next draft or unlabelled slice below.</source>
        <translation>Der nächste Entwurf oder die nächste ungezeichnete Schicht darunter.</translation>
    </message>
    <message>
        <source>Lowers the opacity of masks.</source>
        <translation>Verringert die Deckkraft der Masken.</translation>
    </message>
    <message>
        <source>Raises the opacity of masks.</source>
        <translation>Erhöht die Deckkraft der Masken.</translation>
    </message>
    <message>
        <source>Opens the case below in the list.</source>
        <translation>Öffnet den Fall darunter in der Liste.</translation>
    </message>
    <message>
        <source>Opens the case above in the list.</source>
        <translation>Öffnet den Fall darüber in der Liste.</translation>
    </message>
    <message>
        <source>The version, and what slicelab is not.</source>
        <translation>Die Version, und was slicelab nicht ist.</translation>
    </message>
    <message>
        <source>Theme, size and language change when slicelab starts again.</source>
        <translation>Farben, Größe und Sprache ändern sich beim nächsten Start von slicelab.</translation>
    </message>
    <message>
        <source>Saving</source>
        <translation>Speichern</translation>
    </message>
    <message>
        <source>Every stroke is saved the moment it is finished; there is nothing to set. The strip at the bottom says so, and undo goes back to the first stroke also after the project was closed.</source>
        <translation>Jeder Strich wird gespeichert, sobald er fertig ist; einzustellen ist nichts. Die Leiste unten zeigt es, und Rückgängig reicht bis zum ersten Strich, auch nachdem das Projekt geschlossen war.</translation>
    </message>
    <message>
        <source>Command</source>
        <translation>Befehl</translation>
    </message>
    <message>
        <source>New key</source>
        <translation>Neue Taste</translation>
    </message>
    <message>
        <source>Use this key</source>
        <translation>Diese Taste nehmen</translation>
    </message>
    <message>
        <source>Take it over</source>
        <translation>Übernehmen</translation>
    </message>
    <message>
        <source>No key</source>
        <translation>Keine Taste</translation>
    </message>
    <message>
        <source>All as delivered</source>
        <translation>Alle wie ausgeliefert</translation>
    </message>
    <message>
        <source>Every command gets the keys it came with</source>
        <translation>Jeder Befehl erhält seine ursprünglichen Tasten</translation>
    </message>
    <message>
        <source>{key} belongs to “{command}”, which would lose it.</source>
        <translation>{key} gehört zu „{command}“; der Befehl würde sie verlieren.</translation>
    </message>
    <message>
        <source>Save settings</source>
        <translation>Speichern</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Next</source>
        <translation>Weiter</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>Los geht’s</translation>
    </message>
    <message>
        <source>Skip the tour</source>
        <translation>Rundgang überspringen</translation>
    </message>
    <message>
        <source>Save to print …</source>
        <translation>Zum Drucken speichern …</translation>
    </message>
    <message>
        <source>A page to print: PDF or HTML</source>
        <translation>Eine Seite zum Drucken: PDF oder HTML</translation>
    </message>
    <message>
        <source>Mouse</source>
        <translation>Maus</translation>
    </message>
    <message>
        <source>Wheel</source>
        <translation>Mausrad</translation>
    </message>
    <message>
        <source>Slice up or down</source>
        <translation>Schicht hoch oder tiefer</translation>
    </message>
    <message>
        <source>Ctrl + wheel</source>
        <translation>Strg + Mausrad</translation>
    </message>
    <message>
        <source>Zoom</source>
        <translation>Vergrößern</translation>
    </message>
    <message>
        <source>Space held, or middle drag</source>
        <translation>Leertaste halten, oder mittlere Taste ziehen</translation>
    </message>
    <message>
        <source>Pan</source>
        <translation>Verschieben</translation>
    </message>
    <message>
        <source>Right drag</source>
        <translation>Rechts ziehen</translation>
    </message>
    <message>
        <source>Window and level</source>
        <translation>Fensterung</translation>
    </message>
    <message>
        <source>Tab held</source>
        <translation>Tab halten</translation>
    </message>
    <message>
        <source>Peek without masks</source>
        <translation>Blick ohne Masken</translation>
    </message>
    <message>
        <source>Medical image annotation that learns: label a few slices, the rest is learned.</source>
        <translation>Segmentierung, die lernt: Einige Schichten zeichnen, der Rest wird gelernt.</translation>
    </message>
    <message>
        <source>Research use only. Not a medical device.</source>
        <translation>Nur für die Forschung. Kein Medizinprodukt.</translation>
    </message>
    <message>
        <source>Do not use the results for diagnosis or treatment.</source>
        <translation>Die Ergebnisse nicht für Diagnose oder Behandlung verwenden.</translation>
    </message>
    <message>
        <source>Your cases</source>
        <translation>Ihre Fälle</translation>
    </message>
    <message>
        <source>Click one to open it. Drop files anywhere to add more; drop a mask on a case to take its labels.</source>
        <translation>Ein Klick öffnet einen Fall. Dateien irgendwo ablegen fügt weitere hinzu; eine Maske auf einem Fall ablegen übernimmt sie.</translation>
    </message>
    <message>
        <source>Every slice has a state</source>
        <translation>Jede Schicht hat einen Zustand</translation>
    </message>
    <message>
        <source>Paint a few slices and press {key} on each: only slices that are done teach. The rest is learned.</source>
        <translation>Einige Schichten malen und jeweils {key} drücken: Nur fertige Schichten lehren. Der Rest wird gelernt.</translation>
    </message>
    <message>
        <source>Work from left to right</source>
        <translation>Von links nach rechts</translation>
    </message>
    <message>
        <source>Data, Pretrain, Label, Train, Review. Nothing has to be set: the big button of each tab is enough.</source>
        <translation>Daten, Vorlernen, Zeichnen, Lernen, Prüfen. Einzustellen ist nichts: Der große Knopf jeder Seite genügt.</translation>
    </message>
    <message>
        <source>Nothing gets lost</source>
        <translation>Nichts geht verloren</translation>
    </message>
    <message>
        <source>Every stroke is saved at once; jobs can be paused and stopped here.</source>
        <translation>Jeder Strich wird sofort gespeichert; Vorgänge lassen sich hier anhalten und beenden.</translation>
    </message>
    <message>
        <source>{key} finds every command.</source>
        <translation>{key} findet jeden Befehl.</translation>
    </message>
    <message>
        <source>the button {a}</source>
        <translation>die Schaltfläche „{a}“</translation>
    </message>
    <message>
        <source>Outline already closed; {key} marks the slice done</source>
        <translation>Umriss ist schon geschlossen; fertig wird die Schicht durch {key}</translation>
    </message>
    <message>
        <source>Cases</source>
        <translation>Fälle</translation>
    </message>
    <message>
        <source>Classes</source>
        <translation>Klassen</translation>
    </message>
    <message>
        <source>Find a case</source>
        <translation>Fall suchen</translation>
    </message>
    <message>
        <source>Order of the cases</source>
        <translation>Reihenfolge der Fälle</translation>
    </message>
    <message>
        <source>value</source>
        <translation>Wert</translation>
    </message>
    <message>
        <source>Mask</source>
        <translation>Maske</translation>
    </message>
    <message>
        <source>Hold Tab to peek</source>
        <translation>Tab halten: ohne Masken</translation>
    </message>
    <message>
        <source>Opacity</source>
        <translation>Deckkraft</translation>
    </message>
    <message>
        <source>Contour</source>
        <translation>Kontur</translation>
    </message>
    <message>
        <source>Both</source>
        <translation>Beides</translation>
    </message>
    <message>
        <source>Labels</source>
        <translation>Masken</translation>
    </message>
    <message>
        <source>Prediction</source>
        <translation>Vorhersage</translation>
    </message>
    <message>
        <source>Open case</source>
        <translation>Offener Fall</translation>
    </message>
    <message>
        <source>Start from</source>
        <translation>Beginn</translation>
    </message>
    <message>
        <source>Steps</source>
        <translation>Schritte</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>Modelle</translation>
    </message>
    <message>
        <source>Predict all cases</source>
        <translation>Alle Fälle vorhersagen</translation>
    </message>
    <message>
        <source>Label a few slices. The rest is learned.</source>
        <translation>Einige Schichten zeichnen. Der Rest wird gelernt.</translation>
    </message>
    <message>
        <source>Segmentation of MR volumes, taught by you, on this computer.</source>
        <translation>Segmentierung von MR-Bildern, von Ihnen gelehrt, auf diesem Rechner.</translation>
    </message>
    <message>
        <source>How it goes</source>
        <translation>So geht es</translation>
    </message>
    <message>
        <source>Recent projects</source>
        <translation>Letzte Projekte</translation>
    </message>
    <message>
        <source>Drop MR images here</source>
        <translation>MR-Bilder hier ablegen</translation>
    </message>
    <message>
        <source>Folders, DICOM studies, NIfTI, NRRD, MHA</source>
        <translation>Ordner, DICOM-Studien, NIfTI, NRRD, MHA</translation>
    </message>
    <message>
        <source>Choose a folder</source>
        <translation>Ordner wählen</translation>
    </message>
    <message>
        <source>Choose files</source>
        <translation>Dateien wählen</translation>
    </message>
    <message>
        <source>Your files are copied into the project and never changed. Nothing leaves this computer.</source>
        <translation>Ihre Dateien werden in das Projekt kopiert und nie geändert. Nichts verlässt diesen Rechner.</translation>
    </message>
    <message>
        <source>New project</source>
        <translation>Neues Projekt</translation>
    </message>
    <message>
        <source>Three questions</source>
        <translation>Drei Fragen</translation>
    </message>
    <message>
        <source>Open a project</source>
        <translation>Projekt öffnen</translation>
    </message>
    <message>
        <source>A slicelab project folder</source>
        <translation>Ein slicelab-Projektordner</translation>
    </message>
    <message>
        <source>Load</source>
        <translation>Laden</translation>
    </message>
    <message>
        <source>Drop the images you have.</source>
        <translation>Vorhandene Bilder ablegen.</translation>
    </message>
    <message>
        <source>Learns from all, without labels.</source>
        <translation>Lernt aus allen, ohne Masken.</translation>
    </message>
    <message>
        <source>Paint a few slices.</source>
        <translation>Einige Schichten malen.</translation>
    </message>
    <message>
        <source>Press one button.</source>
        <translation>Einen Knopf drücken.</translation>
    </message>
    <message>
        <source>Correct, accept, repeat.</source>
        <translation>Korrigieren, übernehmen, wiederholen.</translation>
    </message>
    <message>
        <source>What is it called?</source>
        <translation>Wie heißt es?</translation>
    </message>
    <message>
        <source>Where should its folder lie?</source>
        <translation>Wo soll sein Ordner liegen?</translation>
    </message>
    <message>
        <source>Which structures do you want to segment?</source>
        <translation>Welche Strukturen möchten Sie segmentieren?</translation>
    </message>
    <message>
        <source>Separated by commas, in the order of the values in mask files: the first is 1.</source>
        <translation>Durch Kommas getrennt, in der Reihenfolge der Werte in Maskendateien: Die erste ist 1.</translation>
    </message>
    <message>
        <source>Make project</source>
        <translation>Projekt anlegen</translation>
    </message>
    <message>
        <source>Browse …</source>
        <translation>Durchsuchen …</translation>
    </message>
    <message>
        <source>New project for these images</source>
        <translation>Neues Projekt für diese Bilder</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <source>Restore</source>
        <translation>Wiederherstellen</translation>
    </message>
    <message>
        <source>Delete for good …</source>
        <translation>Endgültig löschen …</translation>
    </message>
    <message>
        <source>Models and other runs</source>
        <translation>Modelle und andere Läufe</translation>
    </message>
    <message>
        <source>Removed, can be restored</source>
        <translation>Entfernt, kann wiederhergestellt werden</translation>
    </message>
    <message>
        <source>Nothing was removed.</source>
        <translation>Nichts wurde entfernt.</translation>
    </message>
    <message>
        <source>Looking at the disk …</source>
        <translation>Speicher wird geprüft …</translation>
    </message>
    <message>
        <source>Files are copied into the project and never changed. Nothing leaves this computer.</source>
        <translation>Dateien werden in das Projekt kopiert und nie geändert. Nichts verlässt diesen Rechner.</translation>
    </message>
    <message>
        <source>Stop import</source>
        <translation>Import beenden</translation>
    </message>
    <message>
        <source>Methods report …</source>
        <translation>Bericht …</translation>
    </message>
    <message>
        <source>Writes what was done and measured as a page to hand on (HTML or PDF), without patients' names.</source>
        <translation>Schreibt, was getan und gemessen wurde, als Bericht zum Weitergeben (HTML oder PDF), ohne Patientennamen.</translation>
    </message>
    <message>
        <source>The whole slice, and in 3D the patient from the front.</source>
        <translation>Die ganze Schicht, und in 3D der Patient von vorn.</translation>
    </message>
    <message>
        <source>Other views</source>
        <translation>Andere Ansichten</translation>
    </message>
    <message>
        <source>Show or hide the views beside the large one.</source>
        <translation>Zeigt oder verbirgt die Ansichten neben der großen.</translation>
    </message>
    <message>
        <source>Enlarge view</source>
        <translation>Ansicht vergrößern</translation>
    </message>
    <message>
        <source>The view under the mouse alone, or all views again. A double click does the same where nothing is painted.</source>
        <translation>Die Ansicht unter der Maus allein, oder wieder alle. Ein Doppelklick tut dasselbe, wo nichts gemalt wird.</translation>
    </message>
    <message>
        <source>Neurological convention</source>
        <translation>Neurologische Konvention</translation>
    </message>
    <message>
        <source>The patient's right on the right of the picture; otherwise on its left (radiological). Letters follow.</source>
        <translation>Die rechte Seite des Patienten rechts im Bild; sonst links (radiologisch). Die Buchstaben folgen.</translation>
    </message>
    <message>
        <source>Crosshair in the large view</source>
        <translation>Fadenkreuz in der großen Ansicht</translation>
    </message>
    <message>
        <source>The place you last clicked, in the large view too; the other views always show it.</source>
        <translation>Die zuletzt angeklickte Stelle, auch in der großen Ansicht; die anderen zeigen sie immer.</translation>
    </message>
    <message>
        <source>3D view</source>
        <translation>3D-Ansicht</translation>
    </message>
    <message>
        <source>Masks as surfaces, beside the planes: drag to turn, wheel to zoom.</source>
        <translation>Masken als Flächen, neben den Ebenen: ziehen dreht, das Rad vergrößert.</translation>
    </message>
    <message>
        <source>Image in the 3D view</source>
        <translation>Bild in der 3D-Ansicht</translation>
    </message>
    <message>
        <source>Shows the image behind the masks, by its brightest voxels (maximum intensity projection).</source>
        <translation>Zeigt das Bild hinter den Masken durch seine hellsten Voxel (Maximumintensitätsprojektion).</translation>
    </message>
    <message>
        <source>Accept class</source>
        <translation>Klasse übernehmen</translation>
    </message>
    <message>
        <source>Takes the model's mask of the selected class into every slice of this case that is not done, as drafts; other classes stay. One undo takes it back.</source>
        <translation>Übernimmt die Maske des Modells für die gewählte Klasse in jede Schicht dieses Falls, die nicht fertig ist, als Entwurf; andere Klassen bleiben. Einmal Rückgängig nimmt es zurück.</translation>
    </message>
    <message>
        <source>Add a class …</source>
        <translation>Klasse hinzufügen …</translation>
    </message>
    <message>
        <source>Add a class</source>
        <translation>Klasse hinzufügen</translation>
    </message>
    <message>
        <source>A further structure to segment. What is done stays done for the others; of the new one nothing is known yet.</source>
        <translation>Eine weitere Struktur. Was fertig ist, bleibt es für die anderen; von der neuen ist noch nichts bekannt.</translation>
    </message>
    <message>
        <source>Rename class …</source>
        <translation>Klasse umbenennen …</translation>
    </message>
    <message>
        <source>Rename class</source>
        <translation>Klasse umbenennen</translation>
    </message>
    <message>
        <source>Gives the selected class another name; its labels stay.</source>
        <translation>Gibt der gewählten Klasse einen anderen Namen; ihre Masken bleiben.</translation>
    </message>
    <message>
        <source>Name of the class</source>
        <translation>Name der Klasse</translation>
    </message>
    <message>
        <source>For example: spleen</source>
        <translation>Zum Beispiel: Milz</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>Hinzufügen</translation>
    </message>
    <message>
        <source>Rename</source>
        <translation>Umbenennen</translation>
    </message>
    <message>
        <source>The project already has a class of this name.</source>
        <translation>Das Projekt hat schon eine Klasse dieses Namens.</translation>
    </message>
    <message>
        <source>Slices that are done stay done for the other classes. Of the new one nothing is known on them: it is ignored in training and measuring until you mark slices done again. Models trained before do not know it.</source>
        <translation>Fertige Schichten bleiben für die anderen Klassen fertig. Von der neuen ist auf ihnen nichts bekannt: Lernen und Messen lassen sie aus, bis Sie Schichten wieder als fertig bestätigen. Frühere Modelle kennen sie nicht.</translation>
    </message>
    <message>
        <source>Only the name changes: value, labels, models and figures stay.</source>
        <translation>Nur der Name ändert sich: Wert, Masken, Modelle und Zahlen bleiben.</translation>
    </message>
    <message>
        <source>eraser rubber delete</source>
        <translation>Radierer Radiergummi löschen</translation>
    </message>
    <message>
        <source>brush draw pen pencil</source>
        <translation>Pinsel Stift malen</translation>
    </message>
    <message>
        <source>learn finetune fine-tune fit model</source>
        <translation>lernen trainieren anpassen Modell</translation>
    </message>
    <message>
        <source>segment inference run apply</source>
        <translation>segmentieren vorhersagen anwenden</translation>
    </message>
    <message>
        <source>save masks nifti segmentation</source>
        <translation>speichern sichern Masken</translation>
    </message>
    <message>
        <source>save masks nifti segmentation results</source>
        <translation>speichern sichern Ergebnisse</translation>
    </message>
    <message>
        <source>delete</source>
        <translation>löschen</translation>
    </message>
    <message>
        <source>delete structure organ label</source>
        <translation>löschen Struktur</translation>
    </message>
    <message>
        <source>new structure organ label create</source>
        <translation>neu Struktur Organ</translation>
    </message>
    <message>
        <source>zoom reset centre center</source>
        <translation>Zoom zurücksetzen</translation>
    </message>
    <message>
        <source>transparency opacity alpha</source>
        <translation>Deckkraft Transparenz</translation>
    </message>
    <message>
        <source>pretraining self-supervised unlabelled contrastive</source>
        <translation>vortrainieren vorlernen</translation>
    </message>
    <message>
        <source>evaluate score accuracy test</source>
        <translation>auswerten bewerten</translation>
    </message>
    <message>
        <source>cancel abort</source>
        <translation>abbrechen</translation>
    </message>
    <message>
        <source>trash bin undelete restore space clean delete</source>
        <translation>Papierkorb wiederherstellen aufräumen</translation>
    </message>
    <message>
        <source>Close and let it go on</source>
        <translation>Schließen und weiterlaufen lassen</translation>
    </message>
    <message>
        <source>Stop the job and close</source>
        <translation>Anhalten und schließen</translation>
    </message>
    <message>
        <source>Do the same every time</source>
        <translation>Immer so</translation>
    </message>
    <message>
        <source>On closing</source>
        <translation>Beim Schließen</translation>
    </message>
    <message>
        <source>What becomes of a job that is still running</source>
        <translation>Was mit einem laufenden Lernvorgang geschieht</translation>
    </message>
    <message>
        <source>Ask each time</source>
        <translation>Jedes Mal fragen</translation>
    </message>
    <message>
        <source>The job goes on</source>
        <translation>Er läuft weiter</translation>
    </message>
    <message>
        <source>The job is stopped</source>
        <translation>Er wird angehalten</translation>
    </message>
    <message>
        <source>Everything you painted is saved. If the job goes on, open the project again to see what came of it. If it is stopped, what it learned so far is kept, and Continue goes on from there.</source>
        <translation>Alles Gezeichnete ist gesichert. Läuft der Vorgang weiter, öffnen Sie das Projekt wieder, um das Ergebnis zu sehen. Wird er angehalten, bleibt das Gelernte, und Fortsetzen macht dort weiter.</translation>
    </message>
    <message>
        <source>Next: {job}</source>
        <translation>Als Nächstes: {job}</translation>
    </message>
    <message>
        <source>Waits: {job}</source>
        <translation>Wartet: {job}</translation>
    </message>
    <message>
        <source>Then: {job}</source>
        <translation>Danach: {job}</translation>
    </message>
    <message>
        <source>Takes {job} off the list of jobs that wait</source>
        <translation>Nimmt „{job}“ von der Liste der wartenden Vorgänge</translation>
    </message>
    <message>
        <source>Cancel {job}</source>
        <translation>{job} abbrechen</translation>
    </message>
    <message>
        <source>Start now</source>
        <translation>Jetzt beginnen</translation>
    </message>
    <message>
        <source>The job before it did not finish, so this one waits for you</source>
        <translation>Der Vorgang davor kam nicht zu Ende, darum wartet dieser auf Sie</translation>
    </message>
    <message>
        <source>Label budget</source>
        <translation>Was weitere Schichten bringen</translation>
    </message>
    <message>
        <source>Dice before correction of each training, against the slices it learned from (learning curve)</source>
        <translation>Dice vor der Korrektur je Lernen, gegen die Schichten, aus denen gelernt wurde (Lernkurve)</translation>
    </message>
    <message>
        <source>Dice before correction against labelled slices</source>
        <translation>Dice vor der Korrektur gegen gezeichnete Schichten</translation>
    </message>
    <message>
        <source>{slices} slices: Dice {dice}</source>
        <translation>{slices} Schichten: Dice {dice}</translation>
    </message>
    <message>
        <source>slices learned from</source>
        <translation>Schichten, aus denen gelernt wurde</translation>
    </message>
    <message>
        <source>Not enough yet</source>
        <translation>Noch nicht genug</translation>
    </message>
    <message>
        <source>{more} more slices: about {dice} Dice (likely {low} to {high})</source>
        <translation>{more} weitere Schichten: etwa {dice} Dice (wahrscheinlich {low} bis {high})</translation>
    </message>
    <message>
        <source>, for roughly {minutes} min of labelling</source>
        <translation>, für rund {minutes} min Zeichnen</translation>
    </message>
    <message>
        <source>A gain is told after {rounds} trainings on different numbers of slices, each with at least {slices} slices finished after it in patients it never learned from; so far: {have}.</source>
        <translation>Ein Gewinn wird nach {rounds}-mal Lernen aus verschieden vielen Schichten genannt, jedes Mal mit mindestens {slices} danach fertig gezeichneten Schichten von Patienten, aus denen nicht gelernt wurde; bisher: {have}.</translation>
    </message>
    <message>
        <source>{least} to {most}</source>
        <translation>{least} bis {most}</translation>
    </message>
    <message>
        <source>painted blind</source>
        <translation>blind gezeichnet</translation>
    </message>
    <message>
        <source>painted with a model's mask in sight, which is optimistic</source>
        <translation>mit der Maske eines Modells vor Augen gezeichnet, was zu günstig ist</translation>
    </message>
    <message>
        <source>From Dice before correction of {trainings} trainings, each measured on other slices ({many}, {kind}): part of any difference is which slices those were. Curve: inverse power law; 95 % interval by drawing cases anew.</source>
        <translation>Aus dem Dice vor der Korrektur von {trainings}-mal Lernen, jeweils an anderen Schichten gemessen ({many}, {kind}): ein Teil jedes Unterschieds liegt daran, welche Schichten es waren. Kurve: inverses Potenzgesetz; 95-%-Intervall durch erneutes Ziehen von Fällen.</translation>
    </message>
    <message>
        <source> So far: {minutes} min.</source>
        <translation> Bisher: {minutes} min.</translation>
    </message>
    <message>
        <source>Train again after each finished case</source>
        <translation>Nach jedem fertigen Fall wieder lernen</translation>
    </message>
    <message>
        <source>When every slice of a case is done, or you press Case done, a training with the last settings starts by itself; after the job that runs, if one does.</source>
        <translation>Sind alle Schichten eines Falls fertig, oder drücken Sie „Fall fertig“, beginnt von selbst ein Lernen mit den letzten Einstellungen; nach dem Vorgang, der läuft, falls einer läuft.</translation>
    </message>
    <message>
        <source>Cross-validated Dice</source>
        <translation>Kreuzvalidierter Dice</translation>
    </message>
    <message>
        <source>Mean 3D Dice of labelled cases, each measured by a training on the other patients (cross-validation).</source>
        <translation>Mittlerer 3D-Dice gezeichneter Fälle, jeder gemessen mit einem Lernen aus den anderen Patienten (Kreuzvalidierung).</translation>
    </message>
    <message>
        <source>Was pretraining worth it?</source>
        <translation>Hat sich das Vorlernen gelohnt?</translation>
    </message>
    <message>
        <source>Trains from the pretraining and from random weights, on the same folds with the same seeds.</source>
        <translation>Lernt vom Vorlernen aus und von zufälligen Gewichten aus, mit denselben Teilungen und Startwerten.</translation>
    </message>
    <message>
        <source>Holds each of your labelled patients out in turn, trains on the others, and measures.</source>
        <translation>Hält Ihre gezeichneten Patienten der Reihe nach zurück, lernt aus den anderen und misst.</translation>
    </message>
    <message>
        <source>Trains on your labels both ways, with and without pretraining, and measures patients held out in turn.</source>
        <translation>Lernt aus Ihren Masken auf beide Arten, mit und ohne Vorlernen, und misst an Patienten, die der Reihe nach zurückgehalten werden.</translation>
    </message>
    <message>
        <source>Measure cross-validated Dice</source>
        <translation>Kreuzvalidieren</translation>
    </message>
    <message>
        <source>Holds labelled patients out in turn, trains on the others and measures (k-fold cross-validation). Your models stay as they are.</source>
        <translation>Hält gezeichnete Patienten der Reihe nach zurück, lernt aus den anderen und misst (k-fache Kreuzvalidierung). Ihre Modelle bleiben, wie sie sind.</translation>
    </message>
    <message>
        <source>Compare with no pretraining</source>
        <translation>Mit und ohne vergleichen</translation>
    </message>
    <message>
        <source>Trains from the pretraining and from random weights on the same folds with the same seeds, and says the difference with its interval. Your models stay as they are.</source>
        <translation>Lernt vom Vorlernen aus und von zufälligen Gewichten aus, mit denselben Teilungen und Startwerten, und nennt den Unterschied mit seinem Intervall. Ihre Modelle bleiben, wie sie sind.</translation>
    </message>
    <message>
        <source>Training {number} of {of}</source>
        <translation>Lernen {number} von {of}</translation>
    </message>
    <message>
        <source>Stopped.</source>
        <translation>Abgebrochen.</translation>
    </message>
    <message>
        <source>Did not finish.</source>
        <translation>Nicht zu Ende gekommen.</translation>
    </message>
    <message>
        <source>{count} trainings</source>
        <translation>{count}-mal Lernen</translation>
    </message>
    <message>
        <source>{count} trainings of {steps} steps</source>
        <translation>{count}-mal Lernen mit {steps} Schritten</translation>
    </message>
    <message>
        <source>{trainings}; how long that takes is known after a first training.</source>
        <translation>{trainings}; wie lange das dauert, ist nach dem ersten Lernen bekannt.</translation>
    </message>
    <message>
        <source>{trainings}: about {duration}.</source>
        <translation>{trainings}: etwa {duration}.</translation>
    </message>
    <message>
        <source>Nothing to compare: no held-out slice shows a class that could be learned.</source>
        <translation>Nichts zu vergleichen: Keine zurückgehaltene Schicht zeigt eine Klasse, die gelernt werden konnte.</translation>
    </message>
    <message>
        <source>Pretraining: {points} Dice points ({facts}): {verdict}</source>
        <translation>Vorlernen: {points} Dice-Punkte ({facts}): {verdict}</translation>
    </message>
    <message>
        <source>transductive</source>
        <translation>transduktiv</translation>
    </message>
    <message>
        <source>worth it on your labels</source>
        <translation>lohnt sich auf Ihren Masken</translation>
    </message>
    <message>
        <source>worse than from scratch on your labels</source>
        <translation>schlechter als ohne Vorlernen auf Ihren Masken</translation>
    </message>
    <message>
        <source>not established on your labels</source>
        <translation>auf Ihren Masken nicht erwiesen</translation>
    </message>
    <message>
        <source>no interval</source>
        <translation>kein Intervall</translation>
    </message>
    <message>
        <source>95 % interval {low} to {high}</source>
        <translation>95-%-Intervall {low} bis {high}</translation>
    </message>
    <message>
        <source>Mean held-out Dice {pretrained} from the pretraining, {random} from scratch; same folds and seeds.</source>
        <translation>Mittlerer Dice an Zurückgehaltenen {pretrained} mit Vorlernen, {random} ohne; dieselben Teilungen und Startwerte.</translation>
    </message>
    <message>
        <source>An interval needs two repeats and two patients in every fold: label four patients or more.</source>
        <translation>Ein Intervall braucht zwei Wiederholungen und zwei Patienten in jeder Teilung: Zeichnen Sie vier Patienten oder mehr.</translation>
    </message>
    <message>
        <source>Few patients: the interval is wide, and a difference within it may be chance.</source>
        <translation>Wenige Patienten: Das Intervall ist weit, und ein Unterschied darin kann Zufall sein.</translation>
    </message>
    <message>
        <source>n/a: no class is in either mask.</source>
        <translation>n/a: Keine Klasse ist in einer der Masken.</translation>
    </message>
    <message>
        <source>Each patient was measured by a training on the others ({folds} folds), so this says how well trainings like yours do, not one model.</source>
        <translation>Jeder Patient wurde mit einem Lernen aus den anderen gemessen ({folds} Teilungen): Das sagt, wie gut ein Lernen wie Ihres ist, nicht ein einzelnes Modell.</translation>
    </message>
    <message>
        <source>An interval needs {least} patients.</source>
        <translation>Ein Intervall braucht {least} Patienten.</translation>
    </message>
    <message>
        <source>Few patients: the interval is rough.</source>
        <translation>Wenige Patienten: Das Intervall ist grob.</translation>
    </message>
    <message>
        <source>Transductive: the pretraining saw images, without labels, of {seen} of {patients} held-out patients; on new patients the figure may be lower.</source>
        <translation>Transduktiv: Das Vorlernen sah Bilder, ohne Masken, von {seen} von {patients} zurückgehaltenen Patienten; bei neuen Patienten kann die Zahl niedriger sein.</translation>
    </message>
    <message>
        <source>{led} of {slices} slices are a model's mask taken over unchanged, which is optimistic.</source>
        <translation>{led} von {slices} Schichten sind unverändert übernommene Masken eines Modells, was zu günstig ist.</translation>
    </message>
    <message>
        <source>The labels changed since: 1 slice. Measure again.</source>
        <translation>Ihre Masken haben sich seitdem geändert: 1 Schicht. Messen Sie noch einmal.</translation>
    </message>
    <message>
        <source>The labels changed since: {count} slices. Measure again.</source>
        <translation>Ihre Masken haben sich seitdem geändert: {count} Schichten. Messen Sie noch einmal.</translation>
    </message>
    <message>
        <source>1 patient</source>
        <translation>1 Patient</translation>
    </message>
    <message>
        <source>{count} patients</source>
        <translation>{count} Patienten</translation>
    </message>
    <message>
        <source>1 repeat</source>
        <translation>1 Wiederholung</translation>
    </message>
    <message>
        <source>{count} repeats</source>
        <translation>{count} Wiederholungen</translation>
    </message>
    <message>
        <source>Two models side by side</source>
        <translation>Zwei Modelle nebeneinander</translation>
    </message>
    <message>
        <source>Shows the large view twice: left with the model in use, right with another one; slice, zoom and window are shared.</source>
        <translation>Zeigt die große Ansicht zweimal: links mit dem Modell in Gebrauch, rechts mit einem anderen; Schicht, Vergrößerung und Fensterung sind gemeinsam.</translation>
    </message>
    <message>
        <source>compare models split linked difference agreement</source>
        <translation>vergleichen modelle geteilt verknüpft unterschied übereinstimmung</translation>
    </message>
    <message>
        <source>The model in the right picture</source>
        <translation>Das Modell im rechten Bild</translation>
    </message>
    <message>
        <source>Once there are two models, their masks of a case can be compared here.</source>
        <translation>Sobald es zwei Modelle gibt, lassen sich hier ihre Masken eines Falls vergleichen.</translation>
    </message>
    <message>
        <source>Mark where they differ</source>
        <translation>Unterschiede markieren</translation>
    </message>
    <message>
        <source>Of the selected class: hatched is what only the left model has, filled what only the right one has</source>
        <translation>Von der gewählten Klasse: schraffiert, was nur das linke Modell hat; gefüllt, was nur das rechte hat</translation>
    </message>
    <message>
        <source>Shows and measures its predictions from now on; the other one takes its place here</source>
        <translation>Zeigt und misst von nun an seine Vorhersagen; das andere nimmt hier seinen Platz ein</translation>
    </message>
    <message>
        <source>Agreement is the overlap of the two models' masks (Dice between them), not with your labels: both may be wrong in one place. You paint in the left picture; the right one is for looking.</source>
        <translation>Übereinstimmung ist die Überlappung der Masken beider Modelle (Dice zwischen ihnen), nicht mit Ihren Masken: beide können an derselben Stelle falsch sein. Gezeichnet wird im linken Bild; das rechte ist zum Ansehen.</translation>
    </message>
    <message>
        <source>Dice between the two models' masks: how far they agree, not which of them is right</source>
        <translation>Dice zwischen den Masken beider Modelle: wie weit sie übereinstimmen, nicht, welches recht hat</translation>
    </message>
    <message>
        <source>with</source>
        <translation>mit</translation>
    </message>
    <message>
        <source>Agreement</source>
        <translation>Übereinstimmung</translation>
    </message>
    <message>
        <source>Window and histogram</source>
        <translation>Fensterung und Histogramm</translation>
    </message>
    <message>
        <source>Black and white over the histogram of intensities, to drag or to type (window and level).</source>
        <translation>Schwarz und Weiß über dem Histogramm der Intensitäten, zum Ziehen oder Eintippen (Fensterung).</translation>
    </message>
    <message>
        <source>Flip sequence</source>
        <translation>Sequenz wechseln</translation>
    </message>
    <message>
        <source>Between the labelled image and the case's further sequence, in every view.</source>
        <translation>Zwischen dem gezeichneten Bild und der weiteren Sequenz des Falls, in jeder Ansicht.</translation>
    </message>
    <message>
        <source>Next sequence</source>
        <translation>Nächste Sequenz</translation>
    </message>
    <message>
        <source>Shows the next of the case's further sequences, where it has several.</source>
        <translation>Zeigt die nächste der weiteren Sequenzen des Falls, wo er mehrere hat.</translation>
    </message>
    <message>
        <source>Add another sequence to this case …</source>
        <translation>Weitere Sequenz zu diesem Fall …</translation>
    </message>
    <message>
        <source>An image of the same examination, on any grid, to look at beside the labelled one (overlay or flip). It is not labelled, and not learned from.</source>
        <translation>Ein Bild derselben Untersuchung, auf beliebigem Gitter, zum Ansehen neben dem gezeichneten (Überlagerung oder Wechsel). Es wird nicht gezeichnet, und aus ihm wird nicht gelernt.</translation>
    </message>
    <message>
        <source>Remove sequence</source>
        <translation>Sequenz entfernen</translation>
    </message>
    <message>
        <source>Takes the further sequence that is chosen out of this case. Nothing is deleted; it can be restored.</source>
        <translation>Nimmt die gewählte weitere Sequenz aus diesem Fall. Nichts wird gelöscht; sie kann wiederhergestellt werden.</translation>
    </message>
    <message>
        <source>Slice {n} of {n2}</source>
        <translation>Schicht {n} von {n2}</translation>
    </message>
    <message>
        <source>Neurological</source>
        <translation>Neurologisch</translation>
    </message>
    <message>
        <source>Radiological</source>
        <translation>Radiologisch</translation>
    </message>
    <message>
        <source>Missed</source>
        <translation>Fehlt</translation>
    </message>
    <message>
        <source>Extra</source>
        <translation>Zu viel</translation>
    </message>
    <message>
        <source>Labelled slices</source>
        <translation>Gezeichnete Schichten</translation>
    </message>
    <message>
        <source>The model's</source>
        <translation>Des Modells</translation>
    </message>
    <message>
        <source>No masks yet</source>
        <translation>Noch keine Masken</translation>
    </message>
    <message>
        <source>Nothing is deleted: Project, Disk and removed items brings it back.</source>
        <translation>Nichts wird gelöscht: „Speicher und Entferntes“ im Menü Projekt holt es zurück.</translation>
    </message>
    <message>
        <source>Paint it where it is, then press {key} on each slice you have looked through for {a}.</source>
        <translation>Malen Sie sie, wo sie ist, und drücken Sie {key} auf jeder Schicht, die Sie nach {a} durchgesehen haben.</translation>
    </message>
    <message>
        <source>The mask was taken into {a}: {b} done.</source>
        <translation>Die Maske wurde in {a} übernommen: {b} fertig.</translation>
    </message>
    <message>
        <source>As a mask, it replaces the labels of the classes it holds, and the slices become done for them. If it does not hold every class, you are told which first. One undo takes it back.</source>
        <translation>Als Maske ersetzt sie die Masken der Klassen, die sie enthält, und die Schichten werden dafür fertig. Enthält sie nicht jede Klasse, wird vorher gesagt, welche. Einmal Rückgängig nimmt es zurück.</translation>
    </message>
    <message>
        <source>As a sequence, it is looked at beside the labelled image, by flip or overlay. It is not labelled, and not learned from.</source>
        <translation>Als Sequenz wird sie neben dem gezeichneten Bild angesehen, durch Wechsel oder Überlagerung. Sie wird nicht gezeichnet, und aus ihr wird nicht gelernt.</translation>
    </message>
    <message>
        <source>Nothing is known of it yet on the {a} you marked done.</source>
        <translation>Von ihr ist auf den {a}, die Sie fertig gemeldet haben, noch nichts bekannt.</translation>
    </message>
    <message>
        <source>Replace {a} in {b}?</source>
        <translation>{a} in {b} ersetzen?</translation>
    </message>
    <message>
        <source>The mask holds {a}; every slice becomes done for that. It says nothing of {b}: those labels stay, but where the mask lies over them.</source>
        <translation>Die Maske enthält {a}; jede Schicht wird dafür fertig. Über {b} sagt sie nichts: Diese Masken bleiben, außer wo die Maske über ihnen liegt.</translation>
    </message>
    <message>
        <source>Replace</source>
        <translation>Ersetzen</translation>
    </message>
    <message>
        <source>the case</source>
        <translation>dem Fall</translation>
    </message>
    <message>
        <source>Left out, no class asks for them: {a}.</source>
        <translation>Weggelassen, keine Klasse fragt danach: {a}.</translation>
    </message>
    <message>
        <source>Add as sequence</source>
        <translation>Als Sequenz hinzufügen</translation>
    </message>
    <message>
        <source>Add as new case</source>
        <translation>Als neuen Fall hinzufügen</translation>
    </message>
    <message>
        <source>{a} was added.</source>
        <translation>{a} wurde hinzugefügt.</translation>
    </message>
    <message>
        <source>{a} was removed.</source>
        <translation>{a} wurde entfernt.</translation>
    </message>
    <message>
        <source>One undo takes it back.</source>
        <translation>Einmal Rückgängig nimmt es zurück.</translation>
    </message>
    <message>
        <source>Export measures</source>
        <translation>Messwerte exportieren</translation>
    </message>
    <message>
        <source>Table (*.csv)</source>
        <translation>Tabelle (*.csv)</translation>
    </message>
    <message>
        <source>Take as mask</source>
        <translation>Als Maske nehmen</translation>
    </message>
    <message>
        <source>The class {a}</source>
        <translation>Die Klasse {a}</translation>
    </message>
    <message>
        <source>The sequence {a}</source>
        <translation>Die Sequenz {a}</translation>
    </message>
    <message>
        <source>The patient with {a}</source>
        <translation>Der Patient mit {a}</translation>
    </message>
    <message>
        <source>Measures written to {a}.</source>
        <translation>Messwerte nach {a} geschrieben.</translation>
    </message>
    <message>
        <source>Is this file a mask of {name}?</source>
        <translation>Ist diese Datei eine Maske von {name}?</translation>
    </message>
    <message>
        <source>Is this another sequence of {name}?</source>
        <translation>Ist das eine weitere Sequenz von {name}?</translation>
    </message>
    <message>
        <source>hidden here until the slice is done (kept blind for measuring)</source>
        <translation>hier verborgen, bis die Schicht fertig ist (blind gehalten, zum Messen)</translation>
    </message>
    <message>
        <source>hidden here: kept blind</source>
        <translation>hier verborgen: blind gehalten</translation>
    </message>
    <message>
        <source>prediction; bright: the model was unsure</source>
        <translation>Vorhersage; hell: das Modell war unsicher</translation>
    </message>
    <message>
        <source>bright: unsure</source>
        <translation>hell: unsicher</translation>
    </message>
    <message>
        <source>prediction; how unsure the model was is not known</source>
        <translation>Vorhersage; wie unsicher das Modell war, ist nicht bekannt</translation>
    </message>
    <message>
        <source>unsureness not known</source>
        <translation>Unsicherheit nicht bekannt</translation>
    </message>
    <message>
        <source>no label on this slice: there is no difference to show</source>
        <translation>keine Maske auf dieser Schicht: kein Unterschied zu zeigen</translation>
    </message>
    <message>
        <source>no label here: no difference</source>
        <translation>hier keine Maske: kein Unterschied</translation>
    </message>
    <message>
        <source>The class</source>
        <translation>Die Klasse</translation>
    </message>
    <message>
        <source>Nothing around this place looks like it: let it differ more</source>
        <translation>Ringsum sieht nichts aus wie diese Stelle: größere Abweichung zulassen</translation>
    </message>
    <message>
        <source>{a} is not labelled on this slice: there is no difference to show</source>
        <translation>{a} ist auf dieser Schicht nicht gezeichnet: kein Unterschied zu zeigen</translation>
    </message>
    <message>
        <source>Nothing to accept: what the model knows of is labelled so already, done, locked or kept blind</source>
        <translation>Nichts zu übernehmen: Was das Modell kennt, ist schon so gezeichnet, fertig, gesperrt oder blind gehalten</translation>
    </message>
    <message>
        <source>{a} does not know {b}: there is no difference to show</source>
        <translation>{a} kennt {b} nicht: kein Unterschied zu zeigen</translation>
    </message>
    <message>
        <source>{a}: not known to it</source>
        <translation>{a}: ihm unbekannt</translation>
    </message>
    <message>
        <source>{a}: not labelled here</source>
        <translation>{a}: hier nicht gezeichnet</translation>
    </message>
    <message>
        <source>{a}, not accepted</source>
        <translation>{a}, nicht übernommen</translation>
    </message>
    <message>
        <source>Preview of {a}, before it had ended</source>
        <translation>Vorschau von {a}, vor dem Ende</translation>
    </message>
    <message>
        <source>Preview of {a}</source>
        <translation>Vorschau von {a}</translation>
    </message>
    <message>
        <source>Preview after {n} of {n2} steps</source>
        <translation>Vorschau nach {n} von {n2} Schritten</translation>
    </message>
    <message>
        <source>Preview, step {n}</source>
        <translation>Vorschau, Schritt {n}</translation>
    </message>
    <message>
        <source>Prediction of {a}</source>
        <translation>Vorhersage von {a}</translation>
    </message>
    <message>
        <source>No draft in this case: nothing to confirm</source>
        <translation>Kein Entwurf in diesem Fall: nichts zu bestätigen</translation>
    </message>
    <message>
        <source>{a} confirmed</source>
        <translation>{a} bestätigt</translation>
    </message>
    <message>
        <source>There was no draft left to confirm.</source>
        <translation>Es war kein Entwurf mehr zu bestätigen.</translation>
    </message>
    <message>
        <source>Nothing was changed.</source>
        <translation>Nichts wurde geändert.</translation>
    </message>
    <message>
        <source>The report could not be written.</source>
        <translation>Der Bericht konnte nicht geschrieben werden.</translation>
    </message>
    <message>
        <source>Run `slicelab doctor`.</source>
        <translation>Führen Sie `slicelab doctor` aus.</translation>
    </message>
    <message>
        <source>The project is safe.</source>
        <translation>Das Projekt ist sicher.</translation>
    </message>
    <message>
        <source>The sheet could not be written.</source>
        <translation>Das Blatt konnte nicht geschrieben werden.</translation>
    </message>
    <message>
        <source>Choose another folder.</source>
        <translation>Wählen Sie einen anderen Ordner.</translation>
    </message>
    <message>
        <source>Model {a}</source>
        <translation>Modell {a}</translation>
    </message>
    <message>
        <source>from scratch</source>
        <translation>ohne Vorlernen</translation>
    </message>
    <message>
        <source>Mean 3D Dice over {a} whose labels it never met</source>
        <translation>Mittlerer 3D-Dice über {a}, deren Masken es nie gesehen hat</translation>
    </message>
    <message>
        <source>not measured</source>
        <translation>nicht gemessen</translation>
    </message>
    <message>
        <source>Press Measure Dice in Review</source>
        <translation>„Dice messen“ unter Prüfen drücken</translation>
    </message>
    <message>
        <source>. Compare it only with models measured on the same classes</source>
        <translation>. Nur mit Modellen vergleichen, die an denselben Klassen gemessen wurden</translation>
    </message>
    <message>
        <source>The project needs a name.</source>
        <translation>Das Projekt braucht einen Namen.</translation>
    </message>
    <message>
        <source>The folder does not exist.</source>
        <translation>Den Ordner gibt es nicht.</translation>
    </message>
    <message>
        <source>Choose another place.</source>
        <translation>Wählen Sie einen anderen Ort.</translation>
    </message>
    <message>
        <source>A folder of this name is there already.</source>
        <translation>Einen Ordner dieses Namens gibt es schon.</translation>
    </message>
    <message>
        <source>Choose another name.</source>
        <translation>Wählen Sie einen anderen Namen.</translation>
    </message>
    <message>
        <source>Where should the project lie?</source>
        <translation>Wo soll das Projekt liegen?</translation>
    </message>
    <message>
        <source>My project</source>
        <translation>Mein Projekt</translation>
    </message>
    <message>
        <source>For example: liver, right kidney, left kidney, spleen</source>
        <translation>Zum Beispiel: Leber, rechte Niere, linke Niere, Milz</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>Place</source>
        <translation>Ort</translation>
    </message>
    <message>
        <source>Something went wrong inside slicelab ({a}).</source>
        <translation>In slicelab ist etwas schiefgegangen ({a}).</translation>
    </message>
    <message>
        <source>Everything you painted is saved.</source>
        <translation>Alles Gezeichnete ist gesichert.</translation>
    </message>
    <message>
        <source>Try again; if it happens again, report it with the log.</source>
        <translation>Versuchen Sie es noch einmal; geschieht es wieder, melden Sie es mit dem Protokoll.</translation>
    </message>
    <message>
        <source>Close this message</source>
        <translation>Diese Meldung schließen</translation>
    </message>
    <message>
        <source>Stop at edges</source>
        <translation>An Kanten halten</translation>
    </message>
    <message>
        <source>Paints only what looks like the middle of the brush and hangs together with it (adaptive brush).</source>
        <translation>Malt nur, was aussieht wie die Mitte des Pinsels und mit ihr zusammenhängt (adaptiver Pinsel).</translation>
    </message>
    <message>
        <source>{a} voxels wide</source>
        <translation>{a} Voxel breit</translation>
    </message>
    <message>
        <source>{a} × {b} voxels</source>
        <translation>{a} × {b} Voxel</translation>
    </message>
    <message>
        <source>Brush size</source>
        <translation>Größe des Pinsels</translation>
    </message>
    <message>
        <source>Brush diameter in mm</source>
        <translation>Durchmesser des Pinsels in mm</translation>
    </message>
    <message>
        <source>Diameter of the brush, mm</source>
        <translation>Durchmesser des Pinsels, mm</translation>
    </message>
    <message>
        <source>How many voxels the brush covers across and down, in the slices' plane</source>
        <translation>Wie viele Voxel der Pinsel quer und hoch bedeckt, in der Ebene der Schichten</translation>
    </message>
    <message>
        <source>1 voxel wide</source>
        <translation>1 Voxel breit</translation>
    </message>
    <message>
        <source>Disc, this slice</source>
        <translation>Scheibe, diese Schicht</translation>
    </message>
    <message>
        <source>Paints the slice shown</source>
        <translation>Malt auf der gezeigten Schicht</translation>
    </message>
    <message>
        <source>Ball, 3D</source>
        <translation>Kugel, 3D</translation>
    </message>
    <message>
        <source>Paints the neighbouring slices too, as far as the brush is thick in mm</source>
        <translation>Malt auch auf den Nachbarschichten, so weit der Pinsel in mm dick ist</translation>
    </message>
    <message>
        <source>Brush</source>
        <translation>Pinsel</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>Fertig</translation>
    </message>
    <message>
        <source>In progress</source>
        <translation>In Arbeit</translation>
    </message>
    <message>
        <source>Predicted</source>
        <translation>Vorhergesagt</translation>
    </message>
    <message>
        <source>Not started</source>
        <translation>Nicht begonnen</translation>
    </message>
    <message>
        <source>By name</source>
        <translation>Nach Namen</translation>
    </message>
    <message>
        <source>Least done first</source>
        <translation>Am wenigsten fertige zuerst</translation>
    </message>
    <message>
        <source>Flagged first</source>
        <translation>Markierte zuerst</translation>
    </message>
    <message>
        <source>Most time spent first</source>
        <translation>Meiste Arbeitszeit zuerst</translation>
    </message>
    <message>
        <source>{a}: {b} done, {c} draft, {d} unlabelled of {e} {f} slices</source>
        <translation>{a}: {b} fertig, {c} Entwurf, {d} ungezeichnet von {e} Schichten ({f})</translation>
    </message>
    <message>
        <source>Labelled for {a}</source>
        <translation>Gezeichnet: {a}</translation>
    </message>
    <message>
        <source>Flagged</source>
        <translation>Markiert</translation>
    </message>
    <message>
        <source>Looks in names, states, notes, and for the words flagged and left out</source>
        <translation>Sucht in Namen, Zuständen, Notizen und nach den Wörtern markiert und ausgelassen</translation>
    </message>
    <message>
        <source>Volume of what is painted of the class in this case, in mL</source>
        <translation>Volumen dessen, was in diesem Fall von der Klasse gemalt ist, in mL</translation>
    </message>
    <message>
        <source>{a} is locked: no tool changes it. Click to open the lock.</source>
        <translation>{a} ist gesperrt: Kein Werkzeug ändert sie. Ein Klick öffnet das Schloss.</translation>
    </message>
    <message>
        <source>Show or hide {a}</source>
        <translation>{a} zeigen oder verbergen</translation>
    </message>
    <message>
        <source>{a}: value {b} in mask files</source>
        <translation>{a}: Wert {b} in Maskendateien</translation>
    </message>
    <message>
        <source>Lock {a}: no tool will change it</source>
        <translation>{a} sperren: Kein Werkzeug ändert sie dann</translation>
    </message>
    <message>
        <source>Unlock {a}</source>
        <translation>{a} entsperren</translation>
    </message>
    <message>
        <source>Lock {a}</source>
        <translation>{a} sperren</translation>
    </message>
    <message>
        <source>Opacity of masks</source>
        <translation>Deckkraft der Masken</translation>
    </message>
    <message>
        <source>Masks as colour</source>
        <translation>Masken als Farbe</translation>
    </message>
    <message>
        <source>Masks as outlines</source>
        <translation>Masken als Umrisse</translation>
    </message>
    <message>
        <source>Colour and outline</source>
        <translation>Farbe und Umriss</translation>
    </message>
    <message>
        <source>You began from a model's mask, or had one before your eyes: the figure is optimistic.</source>
        <translation>Sie begannen mit der Maske eines Modells oder hatten sie vor Augen: Die Zahl ist zu günstig.</translation>
    </message>
    <message>
        <source>No model's mask was shown before you marked the slice done.</source>
        <translation>Keine Maske eines Modells wurde gezeigt, bevor Sie die Schicht fertig meldeten.</translation>
    </message>
    <message>
        <source>Mean 2D Dice, and over how many slices that have the class in either mask.</source>
        <translation>Mittlerer 2D-Dice, und über wie viele Schichten mit der Klasse in einer der Masken.</translation>
    </message>
    <message>
        <source>1 in 20 slices</source>
        <translation>1 von 20 Schichten</translation>
    </message>
    <message>
        <source>1 in 10 slices</source>
        <translation>1 von 10 Schichten</translation>
    </message>
    <message>
        <source>1 in 5 slices</source>
        <translation>1 von 5 Schichten</translation>
    </message>
    <message>
        <source>On these slices the model's mask is hidden until you mark them done, so that nothing leads you.</source>
        <translation>Auf diesen Schichten bleibt die Maske des Modells verborgen, bis Sie sie fertig melden, damit nichts Sie leitet.</translation>
    </message>
    <message>
        <source>{a} {b} on {c}</source>
        <translation>{a} {b} an {c}</translation>
    </message>
    <message>
        <source>{a}: no slice of a patient it never learned from yet</source>
        <translation>{a}: noch keine Schicht eines Patienten, aus dem es nie gelernt hat</translation>
    </message>
    <message>
        <source>The model's mask against what you made of it, on slices of patients it never learned from.</source>
        <translation>Die Maske des Modells gegen das, was Sie daraus machten, auf Schichten von Patienten, aus denen es nie gelernt hat.</translation>
    </message>
    <message>
        <source>{a} corrected of {n}.</source>
        <translation>{a} von {n} korrigiert.</translation>
    </message>
    <message>
        <source>Assisted: you saw its mask first, which makes the figure optimistic.</source>
        <translation>Geführt: Sie sahen seine Maske vorher, was die Zahl zu günstig macht.</translation>
    </message>
    <message>
        <source>Not counted: {a} of patients of whom it learned other slices (Dice {figure}, optimistic).</source>
        <translation>Nicht gezählt: {a} von Patienten, aus denen es andere Schichten gelernt hat (Dice {figure}, zu günstig).</translation>
    </message>
    <message>
        <source>Slices kept blind</source>
        <translation>Blind gehaltene Schichten</translation>
    </message>
    <message>
        <source>Nothing to compare yet</source>
        <translation>Noch nichts zu vergleichen</translation>
    </message>
    <message>
        <source>Once a model has predicted, each slice you mark done is compared with the mask the model had made of it. No test set is needed.</source>
        <translation>Hat ein Modell vorhergesagt, wird jede Schicht, die Sie fertig melden, mit der Maske verglichen, die es von ihr gemacht hatte. Eine Testmenge ist nicht nötig.</translation>
    </message>
    <message>
        <source>another share</source>
        <translation>ein anderer Anteil</translation>
    </message>
    <message>
        <source>Blind</source>
        <translation>Blind</translation>
    </message>
    <message>
        <source>Assisted</source>
        <translation>Geführt</translation>
    </message>
    <message>
        <source>Dice before correction</source>
        <translation>Dice vor der Korrektur</translation>
    </message>
    <message>
        <source>Keep blind</source>
        <translation>Blind halten</translation>
    </message>
    <message>
        <source>Has labels; no time at work was noted</source>
        <translation>Hat Masken; Arbeitszeit wurde nicht notiert</translation>
    </message>
    <message>
        <source>Not labelled yet</source>
        <translation>Noch nicht gezeichnet</translation>
    </message>
    <message>
        <source>No images yet</source>
        <translation>Noch keine Bilder</translation>
    </message>
    <message>
        <source>Drop files or folders anywhere on this window.</source>
        <translation>Dateien oder Ordner irgendwo auf diesem Fenster ablegen.</translation>
    </message>
    <message>
        <source>Flagged: come back to it</source>
        <translation>Markiert: darauf zurückkommen</translation>
    </message>
    <message>
        <source>{a} added.</source>
        <translation>{a} hinzugefügt.</translation>
    </message>
    <message>
        <source>{a}, {b} of {c} x {d} voxels. A voxel is {n} x {n2} mm, slices are {n3} mm apart.</source>
        <translation>{a}, {b} mit {c} x {d} Voxeln. Ein Voxel hat {n} x {n2} mm, die Schichten liegen {n3} mm auseinander.</translation>
    </message>
    <message>
        <source>Time at work on this case; pauses longer than 20 s are left out</source>
        <translation>Arbeitszeit an diesem Fall; Pausen von mehr als 20 s zählen nicht</translation>
    </message>
    <message>
        <source>Notes on the open case</source>
        <translation>Notizen zum offenen Fall</translation>
    </message>
    <message>
        <source>Notes on this case</source>
        <translation>Notizen zu diesem Fall</translation>
    </message>
    <message>
        <source>Drop more files or folders anywhere on this window.</source>
        <translation>Weitere Dateien oder Ordner irgendwo auf diesem Fenster ablegen.</translation>
    </message>
    <message>
        <source>Reading {n} of {n2}</source>
        <translation>Lese {n} von {n2}</translation>
    </message>
    <message>
        <source>Looking for images</source>
        <translation>Suche nach Bildern</translation>
    </message>
    <message>
        <source>{a} came with labels.</source>
        <translation>{a} kamen mit Masken.</translation>
    </message>
    <message>
        <source>Structures without a class here were left out: {a}.</source>
        <translation>Strukturen ohne Klasse hier wurden weggelassen: {a}.</translation>
    </message>
    <message>
        <source>Stopped before the end.</source>
        <translation>Vor dem Ende angehalten.</translation>
    </message>
    <message>
        <source>No case is open.</source>
        <translation>Kein Fall ist offen.</translation>
    </message>
    <message>
        <source>{a} was in the project already.</source>
        <translation>{a} war schon im Projekt.</translation>
    </message>
    <message>
        <source>{a} were in the project already.</source>
        <translation>{a} waren schon im Projekt.</translation>
    </message>
    <message>
        <source>Not added:</source>
        <translation>Nicht hinzugefügt:</translation>
    </message>
    <message>
        <source>On your {a}, each left out in turn, it was off by {figure} on average (rank correlation {figure2}).</source>
        <translation>An Ihren {a}, jeder der Reihe nach ausgelassen, lag sie im Mittel um {figure} daneben (Rangkorrelation {figure2}).</translation>
    </message>
    <message>
        <source>Not reliable yet. {a} The order follows how sure the model is of its own masks.</source>
        <translation>Noch nicht verlässlich. {a} Die Reihenfolge folgt dem, wie sicher das Modell seiner Masken ist.</translation>
    </message>
    <message>
        <source>Not reliable yet: label at least three slices in three cases the model did not learn from, then measure. Until then the order follows how sure the model is of its own masks.</source>
        <translation>Noch nicht verlässlich: Zeichnen Sie mindestens drei Schichten in drei Fällen, aus denen das Modell nicht gelernt hat, und messen Sie dann. Bis dahin folgt die Reihenfolge dem, wie sicher das Modell seiner Masken ist.</translation>
    </message>
    <message>
        <source>From how sure the model is of its masks. {a} Use it as the order of review, not as a result.</source>
        <translation>Daraus, wie sicher das Modell seiner Masken ist. {a} Als Reihenfolge zum Prüfen nehmen, nicht als Ergebnis.</translation>
    </message>
    <message>
        <source>{a} without labels, the least sure first</source>
        <translation>{a} ohne Masken, die unsichersten zuerst</translation>
    </message>
    <message>
        <source>{a} without labels, lowest expected Dice first</source>
        <translation>{a} ohne Masken, niedrigster erwarteter Dice zuerst</translation>
    </message>
    <message>
        <source>Cases without labels, lowest expected Dice first</source>
        <translation>Fälle ohne Masken, niedrigster erwarteter Dice zuerst</translation>
    </message>
    <message>
        <source>not reliable yet</source>
        <translation>noch nicht verlässlich</translation>
    </message>
    <message>
        <source>Expected Dice</source>
        <translation>Erwarteter Dice</translation>
    </message>
    <message>
        <source>Least sure of</source>
        <translation>Am unsichersten bei</translation>
    </message>
    <message>
        <source>no class found</source>
        <translation>keine Klasse gefunden</translation>
    </message>
    <message>
        <source>Follow edges</source>
        <translation>Kanten folgen</translation>
    </message>
    <message>
        <source>Between two clicks the line takes the way along the strongest edge (live-wire).</source>
        <translation>Zwischen zwei Klicks nimmt die Linie den Weg entlang der stärksten Kante (Live-Wire).</translation>
    </message>
    <message>
        <source>How different intensities may be</source>
        <translation>Wie verschieden Intensitäten sein dürfen</translation>
    </message>
    <message>
        <source>Tolerance: how far an intensity may lie from the seed's, in percent of black to white</source>
        <translation>Toleranz: wie weit eine Intensität von der am Klick abweichen darf, in Prozent von Schwarz bis Weiß</translation>
    </message>
    <message>
        <source>How far from the click, mm</source>
        <translation>Wie weit vom Klick, mm</translation>
    </message>
    <message>
        <source>No voxel farther from the click than this is painted</source>
        <translation>Kein Voxel weiter weg vom Klick wird gemalt</translation>
    </message>
    <message>
        <source>This slice</source>
        <translation>Diese Schicht</translation>
    </message>
    <message>
        <source>Show side by side</source>
        <translation>Nebeneinander zeigen</translation>
    </message>
    <message>
        <source>Back to one picture</source>
        <translation>Zurück zu einem Bild</translation>
    </message>
    <message>
        <source>{model} has not predicted this case yet.</source>
        <translation>{model} hat diesen Fall noch nicht vorhergesagt.</translation>
    </message>
    <message>
        <source>{model} has not predicted this case yet</source>
        <translation>{model} hat diesen Fall noch nicht vorhergesagt</translation>
    </message>
    <message>
        <source>Predict this case with {model}</source>
        <translation>Diesen Fall mit {model} vorhersagen</translation>
    </message>
    <message>
        <source>Use {model}</source>
        <translation>{model} verwenden</translation>
    </message>
    <message>
        <source>{model}, no mask of this case yet</source>
        <translation>{model}, noch keine Maske dieses Falls</translation>
    </message>
    <message>
        <source>{model}, in use</source>
        <translation>{model}, in Gebrauch</translation>
    </message>
    <message>
        <source>Only {model}</source>
        <translation>Nur {model}</translation>
    </message>
    <message>
        <source>Nothing is painted in the right picture: paint in the left one</source>
        <translation>Im rechten Bild wird nicht gezeichnet: zeichnen Sie im linken</translation>
    </message>
    <message>
        <source>Dice before correction: not known yet</source>
        <translation>Dice vor der Korrektur: noch nicht bekannt</translation>
    </message>
    <message>
        <source>Not measured yet</source>
        <translation>Noch nicht gemessen</translation>
    </message>
    <message>
        <source>Dice before correction {figures}</source>
        <translation>Dice vor der Korrektur {figures}</translation>
    </message>
    <message>
        <source>Dice {figures}</source>
        <translation>Dice {figures}</translation>
    </message>
    <message>
        <source>blind</source>
        <translation>blind</translation>
    </message>
    <message>
        <source>assisted</source>
        <translation>geführt</translation>
    </message>
    <message>
        <source>Grows in the slice shown</source>
        <translation>Wächst in der gezeigten Schicht</translation>
    </message>
    <message>
        <source>Grows into the neighbouring slices too</source>
        <translation>Wächst auch in die Nachbarschichten</translation>
    </message>
    <message>
        <source>Click inside the structure: what looks like it and hangs together is painted.</source>
        <translation>In die Struktur klicken: Was aussieht wie sie und zusammenhängt, wird gemalt.</translation>
    </message>
    <message>
        <source>Click corners, or drag freehand. Double click or Enter closes it, Backspace takes a corner back, Escape gives it up.</source>
        <translation>Ecken klicken oder frei ziehen. Doppelklick oder Enter schließt, Rücktaste nimmt eine Ecke zurück, Escape gibt auf.</translation>
    </message>
    <message>
        <source>Differs by at most</source>
        <translation>Weicht höchstens ab um</translation>
    </message>
    <message>
        <source>Reaches at most</source>
        <translation>Reicht höchstens</translation>
    </message>
    <message>
        <source>Outline</source>
        <translation>Umriss</translation>
    </message>
    <message>
        <source>Histogram of intensities</source>
        <translation>Histogramm der Intensitäten</translation>
    </message>
    <message>
        <source>How often each intensity occurs (cube root). Drag the edges: what is left of them is black, right of them white. Arrow keys move the edge that was last touched.</source>
        <translation>Wie oft jede Intensität vorkommt (Kubikwurzel). Die Kanten ziehen: Links davon ist alles schwarz, rechts davon weiß. Pfeiltasten bewegen die zuletzt berührte Kante.</translation>
    </message>
    <message>
        <source>Finished</source>
        <translation>Beendet</translation>
    </message>
    <message>
        <source>Stopped</source>
        <translation>Angehalten</translation>
    </message>
    <message>
        <source>Did not finish</source>
        <translation>Nicht zu Ende gekommen</translation>
    </message>
    <message>
        <source>Loss</source>
        <translation>Verlust</translation>
    </message>
    <message>
        <source>Where the strong line ends (median of the last steps): how wrong it still is. Lower is better; 0 is never reached.</source>
        <translation>Wo die kräftige Linie endet (Median der letzten Schritte): wie falsch es noch liegt. Weniger ist besser; 0 wird nie erreicht.</translation>
    </message>
    <message>
        <source>What it computes on, and what a short measurement said</source>
        <translation>Worauf gerechnet wird, und was eine kurze Messung sagte</translation>
    </message>
    <message>
        <source>How wrong the model still is on what it practises with</source>
        <translation>Wie falsch das Modell bei dem, woran es übt, noch liegt</translation>
    </message>
    <message>
        <source>Unlabelled</source>
        <translation>Ungezeichnet</translation>
    </message>
    <message>
        <source>Nothing is known of this slice. It is never read as background.</source>
        <translation>Von dieser Schicht ist nichts bekannt. Sie gilt nie als Hintergrund.</translation>
    </message>
    <message>
        <source>Draft</source>
        <translation>Entwurf</translation>
    </message>
    <message>
        <source>Painted, not confirmed: not trained on yet.</source>
        <translation>Gemalt, nicht bestätigt: Daraus wird noch nicht gelernt.</translation>
    </message>
    <message>
        <source>Partly done</source>
        <translation>Teils fertig</translation>
    </message>
    <message>
        <source>Confirmed, but of a class nothing is known here: training ignores it. Look for it, then press {key}.</source>
        <translation>Bestätigt, aber von einer Klasse ist hier nichts bekannt: Das Lernen übergeht sie. Suchen Sie nach ihr und drücken Sie {key}.</translation>
    </message>
    <message>
        <source>Confirmed: training and measuring use it.</source>
        <translation>Bestätigt: Lernen und Messen verwenden sie.</translation>
    </message>
    <message>
        <source>Painted, not confirmed: not measured on yet.</source>
        <translation>Gemalt, nicht bestätigt: Daran wird noch nicht gemessen.</translation>
    </message>
    <message>
        <source>Confirmed, but of a class nothing is known here: measuring ignores it. Look for it, then press {key}.</source>
        <translation>Bestätigt, aber von einer Klasse ist hier nichts bekannt: Das Messen übergeht sie. Suchen Sie nach ihr und drücken Sie {key}.</translation>
    </message>
    <message>
        <source>Confirmed: measuring uses it, no training (left out for testing).</source>
        <translation>Bestätigt: Das Messen verwendet sie, das Lernen nicht (zum Testen ausgelassen).</translation>
    </message>
    <message>
        <source>Verified empty</source>
        <translation>Geprüft leer</translation>
    </message>
    <message>
        <source>Confirmed: none of the classes is on this slice.</source>
        <translation>Bestätigt: Keine der Klassen ist auf dieser Schicht.</translation>
    </message>
    <message>
        <source>Slice {a}: {b}</source>
        <translation>Schicht {a}: {b}</translation>
    </message>
    <message>
        <source>How labelling works</source>
        <translation>So wird gezeichnet</translation>
    </message>
    <message>
        <source>Paint the classes on a slice, then press {key}: the slice is done. A few slices a case are enough. Slices you leave alone stay unlabelled and are never read as background.</source>
        <translation>Klassen auf einer Schicht malen, dann {key}: Die Schicht ist fertig. Wenige Schichten je Fall genügen. Schichten, die Sie auslassen, bleiben ungezeichnet und gelten nie als Hintergrund.</translation>
    </message>
    <message>
        <source>No case is open</source>
        <translation>Kein Fall ist offen</translation>
    </message>
    <message>
        <source>Tool</source>
        <translation>Werkzeug</translation>
    </message>
    <message>
        <source>Next that needs me</source>
        <translation>Nächste offene</translation>
    </message>
    <message>
        <source>Dice of each done slice: none yet</source>
        <translation>Dice je fertiger Schicht: noch keiner</translation>
    </message>
    <message>
        <source>Dice of each done slice stands here once a model that did not learn from this case has predicted it</source>
        <translation>Dice je fertiger Schicht: sobald ein Modell, das nicht daraus gelernt hat, den Fall vorhersagt</translation>
    </message>
    <message>
        <source>{a} of {b} done</source>
        <translation>{a} von {b} fertig</translation>
    </message>
    <message>
        <source>{a}, slice {n}: Dice {n2}   {d}</source>
        <translation>{a}, Schicht {n}: Dice {n2}   {d}</translation>
    </message>
    <message>
        <source>Slices of the open case</source>
        <translation>Schichten des offenen Falls</translation>
    </message>
    <message>
        <source>{a} of {b} slices done</source>
        <translation>{a} von {b} Schichten fertig</translation>
    </message>
    <message>
        <source>Slices of {a}</source>
        <translation>Schichten von {a}</translation>
    </message>
    <message>
        <source>partly done</source>
        <translation>teils fertig</translation>
    </message>
    <message>
        <source>verified empty</source>
        <translation>geprüft leer</translation>
    </message>
    <message>
        <source>Paint only where intensity is</source>
        <translation>Nur malen, wo die Intensität ist</translation>
    </message>
    <message>
        <source>Voxels outside the range take no paint (threshold); they are erased all the same.</source>
        <translation>Voxel außerhalb des Bereichs nehmen keine Farbe an (Schwelle); radiert werden sie trotzdem.</translation>
    </message>
    <message>
        <source>From paint</source>
        <translation>Aus Gemaltem</translation>
    </message>
    <message>
        <source>{a} is locked</source>
        <translation>{a} ist gesperrt</translation>
    </message>
    <message>
        <source>{a} that takes paint, in the volume's own unit</source>
        <translation>{a}, die Farbe annimmt, in der Einheit des Bildes</translation>
    </message>
    <message>
        <source>Takes the range from what is painted of the class so far (5th to 95th percentile)</source>
        <translation>Nimmt den Bereich aus dem, was von der Klasse bisher gemalt ist (5. bis 95. Perzentil)</translation>
    </message>
    <message>
        <source>{a} classes are locked</source>
        <translation>{a} Klassen sind gesperrt</translation>
    </message>
    <message>
        <source>Locks do not hold</source>
        <translation>Sperren gelten nicht</translation>
    </message>
    <message>
        <source>Lowest intensity</source>
        <translation>Niedrigste Intensität</translation>
    </message>
    <message>
        <source>Highest intensity</source>
        <translation>Höchste Intensität</translation>
    </message>
    <message>
        <source>Everything</source>
        <translation>Alles</translation>
    </message>
    <message>
        <source>Every class may be painted over, locked ones too</source>
        <translation>Jede Klasse darf übermalt werden, auch gesperrte</translation>
    </message>
    <message>
        <source>Unlocked</source>
        <translation>Ungesperrtes</translation>
    </message>
    <message>
        <source>Locked classes stay as they are, whatever is painted or erased</source>
        <translation>Gesperrte Klassen bleiben, wie sie sind, was auch gemalt oder radiert wird</translation>
    </message>
    <message>
        <source>Background</source>
        <translation>Hintergrund</translation>
    </message>
    <message>
        <source>No class is painted over; the eraser still erases</source>
        <translation>Keine Klasse wird übermalt; der Radierer radiert weiter</translation>
    </message>
    <message>
        <source>Draw over</source>
        <translation>Übermalen</translation>
    </message>
    <message>
        <source>Loss against step</source>
        <translation>Verlust gegen Schritt</translation>
    </message>
    <message>
        <source>Interpolate slices {a} to {b}</source>
        <translation>Schichten {a} bis {b} interpolieren</translation>
    </message>
    <message>
        <source>Copy slice {a}</source>
        <translation>Schicht {a} kopieren</translation>
    </message>
    <message>
        <source>all slices</source>
        <translation>alle Schichten</translation>
    </message>
    <message>
        <source>this slice</source>
        <translation>diese Schicht</translation>
    </message>
    <message>
        <source>Interpolate slice {a}</source>
        <translation>Schicht {a} interpolieren</translation>
    </message>
    <message>
        <source>How far to smooth, grow or shrink, mm</source>
        <translation>Wie weit geglättet, vergrößert oder verkleinert wird, mm</translation>
    </message>
    <message>
        <source>How far to smooth, grow or shrink. Less than a voxel changes nothing.</source>
        <translation>Wie weit geglättet, vergrößert oder verkleinert wird. Weniger als ein Voxel ändert nichts.</translation>
    </message>
    <message>
        <source>Smooth {a} by {figure}</source>
        <translation>{a} um {figure} glätten</translation>
    </message>
    <message>
        <source>Fill holes of {a}</source>
        <translation>Löcher von {a} füllen</translation>
    </message>
    <message>
        <source>Remove islands of {a}</source>
        <translation>Inseln von {a} entfernen</translation>
    </message>
    <message>
        <source>Grow {a} by {figure}</source>
        <translation>{a} um {figure} vergrößern</translation>
    </message>
    <message>
        <source>Shrink {a} by {figure}</source>
        <translation>{a} um {figure} verkleinern</translation>
    </message>
    <message>
        <source>Between slices</source>
        <translation>Zwischen Schichten</translation>
    </message>
    <message>
        <source>The result stays a draft until you mark it done.</source>
        <translation>Das Ergebnis bleibt Entwurf, bis Sie es fertig melden.</translation>
    </message>
    <message>
        <source>Changes the slice shown</source>
        <translation>Ändert die gezeigte Schicht</translation>
    </message>
    <message>
        <source>All slices</source>
        <translation>Alle Schichten</translation>
    </message>
    <message>
        <source>Changes every slice that has the class; done slices that change are drafts again</source>
        <translation>Ändert jede Schicht mit der Klasse; fertige Schichten, die sich ändern, sind wieder Entwürfe</translation>
    </message>
    <message>
        <source>Islands</source>
        <translation>Inseln</translation>
    </message>
    <message>
        <source>Shrink</source>
        <translation>Verkleinern</translation>
    </message>
    <message>
        <source>Clean up</source>
        <translation>Aufräumen</translation>
    </message>
    <message>
        <source>Compare places</source>
        <translation>Stellen vergleichen</translation>
    </message>
    <message>
        <source>Learns which slices and places look alike, whatever their contrast (contrastive learning, global and local).</source>
        <translation>Lernt, welche Schichten und Stellen sich gleichen, was auch ihr Kontrast ist (kontrastives Lernen, global und lokal).</translation>
    </message>
    <message>
        <source>Rebuild hidden patches</source>
        <translation>Verdeckte Felder ergänzen</translation>
    </message>
    <message>
        <source>Hides patches of a slice and learns to draw them again (masked-block regression).</source>
        <translation>Verdeckt Felder einer Schicht und lernt, sie wieder zu zeichnen (Regression verdeckter Blöcke).</translation>
    </message>
    <message>
        <source>Rebuild hidden pixels</source>
        <translation>Verdeckte Pixel ergänzen</translation>
    </message>
    <message>
        <source>Replaces single pixels by noise and learns to restore them (pixel regression).</source>
        <translation>Ersetzt einzelne Pixel durch Rauschen und lernt, sie wiederherzustellen (Pixelregression).</translation>
    </message>
    <message>
        <source>Method</source>
        <translation>Verfahren</translation>
    </message>
    <message>
        <source>Learns from {a} in {b}</source>
        <translation>Lernt aus {a} in {b}</translation>
    </message>
    <message>
        <source>No labels needed. Every volume of the project is used, labelled or not; you can paint meanwhile.</source>
        <translation>Masken sind nicht nötig. Jedes Bild des Projekts wird verwendet, gezeichnet oder nicht; Sie können währenddessen malen.</translation>
    </message>
    <message>
        <source>Add images first</source>
        <translation>Zuerst Bilder hinzufügen</translation>
    </message>
    <message>
        <source>The more volumes it sees, the fewer slices you need to label.</source>
        <translation>Je mehr Bilder es sieht, desto weniger Schichten müssen Sie zeichnen.</translation>
    </message>
    <message>
        <source>Learning</source>
        <translation>Lernt</translation>
    </message>
    <message>
        <source>Optimiser steps: how long it learns</source>
        <translation>Schritte des Optimierers: wie lange gelernt wird</translation>
    </message>
    <message>
        <source>Measured before {a} changed: Measure Dice takes them in.</source>
        <translation>Gemessen, bevor sich {a} änderten: „Dice messen“ nimmt sie auf.</translation>
    </message>
    <message>
        <source>{a}, measured on the slices you marked done.</source>
        <translation>{a}, gemessen an den Schichten, die Sie fertig gemeldet haben.</translation>
    </message>
    <message>
        <source>Number cases anew</source>
        <translation>Fälle neu nummerieren</translation>
    </message>
    <message>
        <source>In the report, cases and patients are numbered anew in an order drawn by chance; otherwise it gives the project's ids, such as c0001. Names are in neither.</source>
        <translation>Im Bericht werden Fälle und Patienten in zufälliger Reihenfolge neu nummeriert; sonst nennt er die Kennungen des Projekts, wie c0001. Namen stehen in keinem.</translation>
    </message>
    <message>
        <source>Nothing is measured yet</source>
        <translation>Noch nichts gemessen</translation>
    </message>
    <message>
        <source>Click a number to go to the slice with the largest error.</source>
        <translation>Eine Zahl anklicken, um zur Schicht mit dem größten Fehler zu gehen.</translation>
    </message>
    <message>
        <source>Dice: overlap of prediction and label, 1.00 is perfect. n/a: the class is in neither mask, or not every slice of the case is done (distances and volume differences need that). Cases trained on, and validation cases, which chose the model, are grey and left out of the mean.</source>
        <translation>Dice: Überlappung von Vorhersage und Maske, 1,00 ist vollkommen. n/a: Die Klasse ist in keiner der Masken, oder nicht jede Schicht des Falls ist fertig (Abstände und Volumendifferenzen brauchen das). Fälle, aus denen gelernt wurde, und Validierungsfälle, die das Modell auswählten, sind grau und zählen nicht zum Mittel.</translation>
    </message>
    <message>
        <source>Mark slices done in a case that the model neither learned from nor was chosen by to get an honest number.</source>
        <translation>Melden Sie Schichten in einem Fall fertig, aus dem das Modell weder gelernt hat noch ausgewählt wurde, um eine ehrliche Zahl zu erhalten.</translation>
    </message>
    <message>
        <source>Number cases anew in the methods report</source>
        <translation>Fälle im Methodenbericht neu nummerieren</translation>
    </message>
    <message>
        <source>Accept into your labels</source>
        <translation>In Ihre Masken übernehmen</translation>
    </message>
    <message>
        <source>The model's mask becomes a draft of the open case. Done slices stay as they are. Slices accepted unchanged are never measured against their own model.</source>
        <translation>Die Maske des Modells wird ein Entwurf des offenen Falls. Fertige Schichten bleiben, wie sie sind. Unverändert übernommene Schichten werden nie gegen ihr eigenes Modell gemessen.</translation>
    </message>
    <message>
        <source>Becomes a draft: correct it, then mark it done. One undo takes it back.</source>
        <translation>Wird ein Entwurf: korrigieren, dann fertig melden. Einmal Rückgängig nimmt es zurück.</translation>
    </message>
    <message>
        <source>Predict first, then measure: predictions are compared with the slices you marked done.</source>
        <translation>Zuerst vorhersagen, dann messen: Vorhersagen werden mit den Schichten verglichen, die Sie fertig gemeldet haben.</translation>
    </message>
    <message>
        <source>Dice {n}{b} on {c} it never learned from</source>
        <translation>Dice {n}{b} an {c}, aus denen es nie gelernt hat</translation>
    </message>
    <message>
        <source>No case is left to judge it by</source>
        <translation>Kein Fall bleibt, um es zu beurteilen</translation>
    </message>
    <message>
        <source> {a}: not a result.</source>
        <translation> {a}: kein Ergebnis.</translation>
    </message>
    <message>
        <source>Measured on some of their slices only: {n} of {n2} cases in these means, at least {n3} of {n4} slices.</source>
        <translation>Nur auf einem Teil ihrer Schichten gemessen: {n} von {n2} Fällen dieser Mittelwerte, mindestens {n3} von {n4} Schichten.</translation>
    </message>
    <message>
        <source>Each counts as much as a case measured whole.</source>
        <translation>Jeder zählt so viel wie ein ganz gemessener Fall.</translation>
    </message>
    <message>
        <source>Some of these cases were in the pretraining pool (without labels), which may flatter the number.</source>
        <translation>Einige dieser Fälle waren beim Vorlernen dabei (ohne Masken), was die Zahl schönen kann.</translation>
    </message>
    <message>
        <source>Export as NIfTI</source>
        <translation>Als NIfTI exportieren</translation>
    </message>
    <message>
        <source>This class, whole case</source>
        <translation>Klasse im Fall</translation>
    </message>
    <message>
        <source>Whole case</source>
        <translation>Ganzer Fall</translation>
    </message>
    <message>
        <source>Predictions …</source>
        <translation>Vorhersagen …</translation>
    </message>
    <message>
        <source>Labels …</source>
        <translation>Masken …</translation>
    </message>
    <message>
        <source>3D Dice: overlap of prediction and label; 1.00 is perfect</source>
        <translation>3D-Dice: Überlappung von Vorhersage und Maske; 1,00 ist vollkommen</translation>
    </message>
    <message>
        <source>95th percentile Hausdorff distance, mm: how far the outline is off</source>
        <translation>Hausdorff-Abstand, 95. Perzentil, mm: wie weit der Umriss daneben liegt</translation>
    </message>
    <message>
        <source>Average symmetric surface distance, mm</source>
        <translation>Mittlerer symmetrischer Oberflächenabstand, mm</translation>
    </message>
    <message>
        <source>Volume</source>
        <translation>Volumen</translation>
    </message>
    <message>
        <source>Volume of the predicted mask, mL</source>
        <translation>Volumen der vorhergesagten Maske, mL</translation>
    </message>
    <message>
        <source>Volume diff.</source>
        <translation>Volumendiff.</translation>
    </message>
    <message>
        <source>Predicted minus labelled volume, mL; needs every slice of the case done</source>
        <translation>Vorhergesagtes minus gezeichnetes Volumen, mL; dafür muss jede Schicht des Falls fertig sein</translation>
    </message>
    <message>
        <source>3D Dice {figure} on {b} of {c}</source>
        <translation>3D-Dice {figure} an {b} von {c}</translation>
    </message>
    <message>
        <source>volume {figure} mL</source>
        <translation>Volumen {figure} mL</translation>
    </message>
    <message>
        <source>yours {figure} mL ({figure2} mL)</source>
        <translation>Ihres {figure} mL ({figure2} mL)</translation>
    </message>
    <message>
        <source>Mean of {a}</source>
        <translation>Mittel über {a}</translation>
    </message>
    <message>
        <source>{n} of {n2}</source>
        <translation>{n} von {n2}</translation>
    </message>
    <message>
        <source>Measurements per case and class</source>
        <translation>Messwerte je Fall und Klasse</translation>
    </message>
    <message>
        <source>Slices</source>
        <translation>Schichten</translation>
    </message>
    <message>
        <source>{a}. Click: the slice with the largest error.</source>
        <translation>{a}. Klick: die Schicht mit dem größten Fehler.</translation>
    </message>
    <message>
        <source>Left: the image that is labelled. Right: the further sequence alone. Between: one over the other (overlay). Labels, tools and learning always go by the labelled image.</source>
        <translation>Links: das Bild, das gezeichnet wird. Rechts: die weitere Sequenz allein. Dazwischen: eines über dem anderen (Überlagerung). Masken, Werkzeuge und Lernen gehen immer nach dem gezeichneten Bild.</translation>
    </message>
    <message>
        <source>Labelled image</source>
        <translation>Gezeichnetes Bild</translation>
    </message>
    <message>
        <source>How much of the further sequence is seen</source>
        <translation>Wie viel von der weiteren Sequenz zu sehen ist</translation>
    </message>
    <message>
        <source>Further sequence</source>
        <translation>Weitere Sequenz</translation>
    </message>
    <message>
        <source>Which further sequence is seen. It is not labelled, and not learned from.</source>
        <translation>Welche weitere Sequenz zu sehen ist. Sie wird nicht gezeichnet, und aus ihr wird nicht gelernt.</translation>
    </message>
    <message>
        <source>Flip</source>
        <translation>Wechseln</translation>
    </message>
    <message>
        <source>was stopped</source>
        <translation>wurde angehalten</translation>
    </message>
    <message>
        <source>did not finish</source>
        <translation>kam nicht zu Ende</translation>
    </message>
    <message>
        <source>Nothing is running</source>
        <translation>Nichts läuft</translation>
    </message>
    <message>
        <source>Best Dice</source>
        <translation>Bester Dice</translation>
    </message>
    <message>
        <source>Best mean Dice on check cases so far</source>
        <translation>Bester mittlerer Dice an Prüffällen bisher</translation>
    </message>
    <message>
        <source>What the job computes on</source>
        <translation>Worauf der Vorgang rechnet</translation>
    </message>
    <message>
        <source>Starting</source>
        <translation>Beginnt</translation>
    </message>
    <message>
        <source>Median of the last steps' losses; lower is better</source>
        <translation>Median der Verluste der letzten Schritte; weniger ist besser</translation>
    </message>
    <message>
        <source>Saved {a}</source>
        <translation>Gespeichert {a}</translation>
    </message>
    <message>
        <source>{a} and all unlabelled slices</source>
        <translation>{a} und alle ungezeichneten Schichten</translation>
    </message>
    <message>
        <source>Unlabelled slices</source>
        <translation>Ungezeichnete Schichten</translation>
    </message>
    <message>
        <source> On {a} a class is unknown and ignored.</source>
        <translation> Auf {a} ist eine Klasse unbekannt und wird übergangen.</translation>
    </message>
    <message>
        <source>{a} are left out. They are never read as background.{b}</source>
        <translation>{a} bleiben außen vor. Sie gelten nie als Hintergrund.{b}</translation>
    </message>
    <message>
        <source>Learns from {a} you marked done, in {b}</source>
        <translation>Lernt aus {a}, die Sie fertig gemeldet haben, in {b}</translation>
    </message>
    <message>
        <source>Mark a few slices done first</source>
        <translation>Melden Sie zuerst einige Schichten fertig</translation>
    </message>
    <message>
        <source>From scratch, no pretraining</source>
        <translation>Von vorn, ohne Vorlernen</translation>
    </message>
    <message>
        <source>Pretraining {a}: {b}, {c}</source>
        <translation>Vorlernen {a}: {b}, {c}</translation>
    </message>
    <message>
        <source>Use this</source>
        <translation>Dieses verwenden</translation>
    </message>
    <message>
        <source>Training</source>
        <translation>Lernt</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>Learned from</source>
        <translation>Gelernt aus</translation>
    </message>
    <message>
        <source>Test Dice</source>
        <translation>Test-Dice</translation>
    </message>
    <message>
        <source>Show and measure the predictions of {a}</source>
        <translation>Vorhersagen von {a} zeigen und messen</translation>
    </message>
    <message>
        <source>In use</source>
        <translation>Verwendet</translation>
    </message>
    <message>
        <source>{a}: blind {b}, assisted {c} slices</source>
        <translation>{a}: blind {b}, geführt {c} Schichten</translation>
    </message>
    <message>
        <source>Dice before correction, model by model</source>
        <translation>Dice vor der Korrektur, Modell für Modell</translation>
    </message>
    <message>
        <source>assisted (optimistic)</source>
        <translation>geführt (zu günstig)</translation>
    </message>
    <message>
        <source>Black: intensities from here down</source>
        <translation>Schwarz: Intensitäten von hier abwärts</translation>
    </message>
    <message>
        <source>White: intensities from here up</source>
        <translation>Weiß: Intensitäten von hier aufwärts</translation>
    </message>
    <message>
        <source>MR images (*.nii *.nii.gz *.nrrd *.nhdr *.mha *.mhd *.dcm);;All files (*)</source>
        <translation>MR-Bilder (*.nii *.nii.gz *.nrrd *.nhdr *.mha *.mhd *.dcm);;Alle Dateien (*)</translation>
    </message>
    <message>
        <source>Add another sequence to this case</source>
        <translation>Weitere Sequenz zu diesem Fall</translation>
    </message>
    <message>
        <source>Looking at the file …</source>
        <translation>Die Datei wird angesehen …</translation>
    </message>
    <message>
        <source>Reading the sequence …</source>
        <translation>Die Sequenz wird gelesen …</translation>
    </message>
    <message>
        <source>{name} was added as a further sequence.</source>
        <translation>{name} wurde als weitere Sequenz hinzugefügt.</translation>
    </message>
    <message>
        <source>Press {key} to flip between it and the labelled image.</source>
        <translation>{key} wechselt zwischen ihr und dem gezeichneten Bild.</translation>
    </message>
    <message>
        <source>the other file</source>
        <translation>die andere Datei</translation>
    </message>
    <message>
        <source>the {a}</source>
        <translation>die {a}</translation>
    </message>
    <message>
        <source>Reading the pictures …</source>
        <translation>Bilder werden gelesen …</translation>
    </message>
    <message>
        <source>Same for {a} with {n} volumes</source>
        <translation>Ebenso für {a} mit {n} Bildern</translation>
    </message>
    <message>
        <source>Each as a case</source>
        <translation>Jedes als Fall</translation>
    </message>
    <message>
        <source>Enter, or a double click on the picture</source>
        <translation>Enter, oder Doppelklick auf das Bild</translation>
    </message>
    <message>
        <source>all {n} files</source>
        <translation>alle {n} Dateien</translation>
    </message>
    <message>
        <source>this file</source>
        <translation>diese Datei</translation>
    </message>
    <message>
        <source>Take volume {n}</source>
        <translation>Bild {n} nehmen</translation>
    </message>
    <message>
        <source>A file with several volumes</source>
        <translation>Eine Datei mit mehreren Bildern</translation>
    </message>
    <message>
        <source>Nothing of it is added (Esc)</source>
        <translation>Nichts davon wird hinzugefügt (Esc)</translation>
    </message>
    <message>
        <source>{n} cases, all of one patient</source>
        <translation>{n} Fälle, alle von einem Patienten</translation>
    </message>
    <message>
        <source>The pictures cannot be read. You can choose by number all the same.</source>
        <translation>Die Bilder können nicht gelesen werden. Sie können trotzdem nach der Nummer wählen.</translation>
    </message>
    <message>
        <source>Volumes</source>
        <translation>Bilder</translation>
    </message>
    <message>
        <source>Volume {n}</source>
        <translation>Bild {n}</translation>
    </message>
    <message>
        <source>Leave out {a}</source>
        <translation>{a} auslassen</translation>
    </message>
    <message>
        <source>Leave this file out</source>
        <translation>Diese Datei auslassen</translation>
    </message>
    <message>
        <source>Which of the {n} volumes?</source>
        <translation>Welches der {n} Bilder?</translation>
    </message>
    <message>
        <source>A series over time, or with several weightings. The middle slice of each is shown.</source>
        <translation>Eine Reihe über die Zeit oder mit mehreren Gewichtungen. Gezeigt ist von jedem die mittlere Schicht.</translation>
    </message>
    <message>
        <source>graphics card</source>
        <translation>Grafikkarte</translation>
    </message>
    <message>
        <source>Every MR image of a folder, DICOM studies among them</source>
        <translation>Jedes MR-Bild eines Ordners, auch DICOM-Studien</translation>
    </message>
    <message>
        <source>Open {a}</source>
        <translation>{a} öffnen</translation>
    </message>
    <message>
        <source>Version {a}</source>
        <translation>Version {a}</translation>
    </message>
    <message>
        <source>Patient</source>
        <translation>Patient</translation>
    </message>
    <message>
        <source>All {count} cases came with labels ({classes})</source>
        <translation>Alle {count} Fälle brachten Masken mit ({classes})</translation>
    </message>
    <message>
        <source>{case} came with labels ({classes})</source>
        <translation>{case} brachte Masken mit ({classes})</translation>
    </message>
    <message>
        <source>{count} of {total} cases came with labels ({classes})</source>
        <translation>{count} von {total} Fällen brachten Masken mit ({classes})</translation>
    </message>
    <message>
        <source>from the folder {folder}, which belongs to the same data set</source>
        <translation>aus dem Ordner {folder}, der zum selben Datensatz gehört</translation>
    </message>
    <message>
        <source>Their slices are done: they are learned from, unless you clear them.</source>
        <translation>Ihre Schichten sind fertig: aus ihnen wird gelernt, solange Sie sie nicht leeren.</translation>
    </message>
    <message>
        <source>Which class is this a mask of, in {case}?</source>
        <translation>Von welcher Klasse ist das eine Maske, in {case}?</translation>
    </message>
    <message>
        <source>The class of the mask</source>
        <translation>Die Klasse der Maske</translation>
    </message>
    <message>
        <source>Class</source>
        <translation>Klasse</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>Lauf</translation>
    </message>
    <message>
        <source>Sequence</source>
        <translation>Sequenz</translation>
    </message>
    <message>
        <source>Runs in the project</source>
        <translation>Läufe im Projekt</translation>
    </message>
    <message>
        <source>Removed items</source>
        <translation>Entferntes</translation>
    </message>
    <message>
        <source>This project takes {figure}</source>
        <translation>Dieses Projekt belegt {figure}</translation>
    </message>
    <message>
        <source> Deleting what was removed would free {figure}.</source>
        <translation> Entferntes zu löschen gäbe {figure} frei.</translation>
    </message>
    <message>
        <source>Delete {a} for good?</source>
        <translation>{a} endgültig löschen?</translation>
    </message>
    <message>
        <source>{a}{b}

The project's copies of the images, their labels and predictions are deleted and cannot be restored. The files they were imported from are not touched.

What stays, as the record of what models learned: the labels each training was given, and what networks made of each slice as numbers. If an update kept a copy of the older database (a file ending in -backup), names stay in it.</source>
        <translation>{a}{b}

Die Kopien der Bilder im Projekt, ihre Masken und Vorhersagen werden gelöscht und können nicht wiederhergestellt werden. Die Dateien, aus denen sie kamen, bleiben unberührt.

Was bleibt, als Nachweis dessen, woraus Modelle lernten: die Masken, die jedes Lernen erhielt, und was Netze aus jeder Schicht in Zahlen machten. Hat eine Aktualisierung eine Kopie der älteren Datenbank aufgehoben (eine Datei mit der Endung -backup), bleiben Namen darin.</translation>
    </message>
    <message>
        <source>Delete for good</source>
        <translation>Endgültig löschen</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>Behalten</translation>
    </message>
    <message>
        <source>Disk and removed items</source>
        <translation>Speicher und Entferntes</translation>
    </message>
    <message>
        <source>Hides the selected runs and their predictions; nothing is deleted</source>
        <translation>Verbirgt die gewählten Läufe und ihre Vorhersagen; nichts wird gelöscht</translation>
    </message>
    <message>
        <source>Brings the selected items back as they were</source>
        <translation>Holt das Gewählte zurück, wie es war</translation>
    </message>
    <message>
        <source>Frees the disk; asks first, since it cannot be undone</source>
        <translation>Gibt Speicher frei; fragt vorher, da es nicht rückgängig zu machen ist</translation>
    </message>
    <message>
        <source>prepared slices</source>
        <translation>vorbereitete Schichten</translation>
    </message>
    <message>
        <source>{figure} freed.</source>
        <translation>{figure} frei geworden.</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>Intensities shown as black and white (window and level). Right drag changes them.</source>
        <translation>Intensitäten, die schwarz und weiß gezeigt werden (Fensterung). Rechts ziehen ändert sie.</translation>
    </message>
    <message>
        <source>Your masks</source>
        <translation>Ihre Masken</translation>
    </message>
    <message>
        <source>The model's masks, dashed</source>
        <translation>Die Masken des Modells, gestrichelt</translation>
    </message>
    <message>
        <source>Your masks, and the model's dashed</source>
        <translation>Ihre Masken, und die des Modells gestrichelt</translation>
    </message>
    <message>
        <source>Difference</source>
        <translation>Unterschied</translation>
    </message>
    <message>
        <source>What the model missed of the selected class (hatched) and has too much (filled), on slices you have labelled</source>
        <translation>Was das Modell von der gewählten Klasse übersehen hat (schraffiert) und was es zu viel hat (gefüllt), auf Schichten, die Sie gezeichnet haben</translation>
    </message>
    <message>
        <source>Uncertainty</source>
        <translation>Unsicherheit</translation>
    </message>
    <message>
        <source>Where the model was unsure: the brighter, the more even its classes (entropy)</source>
        <translation>Wo das Modell unsicher war: je heller, desto gleicher seine Klassen (Entropie)</translation>
    </message>
    <message>
        <source>What is drawn</source>
        <translation>Was gezeichnet ist</translation>
    </message>
    <message>
        <source>Undo {a}</source>
        <translation>Rückgängig: {a}</translation>
    </message>
    <message>
        <source>Nothing to redo</source>
        <translation>Nichts zu wiederholen</translation>
    </message>
    <message>
        <source>What the file says, or what you last set for this case by right drag</source>
        <translation>Was die Datei sagt, oder was Sie zuletzt durch Rechtsziehen für diesen Fall eingestellt haben</translation>
    </message>
    <message>
        <source>Redo {a}</source>
        <translation>Wiederholen: {a}</translation>
    </message>
    <message>
        <source>Black and white at the {a} of the volume's intensities</source>
        <translation>Schwarz und Weiß bei {a} der Intensitäten des Bildes</translation>
    </message>
    <message>
        <source>Web page (*.html);;PDF (*.pdf)</source>
        <translation>Webseite (*.html);;PDF (*.pdf)</translation>
    </message>
    <message>
        <source>Mark slices done that show {a}, and train again.</source>
        <translation>Melden Sie Schichten fertig, die {a} zeigen, und lernen Sie noch einmal.</translation>
    </message>
    <message>
        <source>{a} written to {b}.</source>
        <translation>{a} nach {b} geschrieben.</translation>
    </message>
    <message>
        <source>slices.csv says what is done: 0 in a mask is background only on slices that are.</source>
        <translation>slices.csv sagt, was fertig ist: 0 in einer Maske ist nur auf solchen Schichten Hintergrund.</translation>
    </message>
    <message>
        <source>Measured: no case is left to judge the model by</source>
        <translation>Gemessen: Es bleibt kein Fall, um das Modell zu beurteilen</translation>
    </message>
    <message>
        <source>Measured: mean Dice {figure}, {b}</source>
        <translation>Gemessen: mittlerer Dice {figure}, {b}</translation>
    </message>
    <message>
        <source>Opening {a} …</source>
        <translation>{a} wird geöffnet …</translation>
    </message>
    <message>
        <source>The model</source>
        <translation>Das Modell</translation>
    </message>
    <message>
        <source>Your labels are not touched by it.</source>
        <translation>Ihre Masken sind davon nicht berührt.</translation>
    </message>
    <message>
        <source>numbered anew</source>
        <translation>neu nummeriert</translation>
    </message>
    <message>
        <source>called by the project's ids, such as c0001</source>
        <translation>mit den Kennungen des Projekts genannt, wie c0001</translation>
    </message>
    <message>
        <source>Making {a} …</source>
        <translation>{a} wird angelegt …</translation>
    </message>
    <message>
        <source>{a} is locked: no tool changes it.</source>
        <translation>{a} ist gesperrt: Kein Werkzeug ändert sie.</translation>
    </message>
    <message>
        <source>{a} does not know {b}.</source>
        <translation>{a} kennt {b} nicht.</translation>
    </message>
    <message>
        <source>Choose a case at the left</source>
        <translation>Wählen Sie links einen Fall</translation>
    </message>
    <message>
        <source>This slice is kept blind for measuring: the model's mask is shown once it is done.</source>
        <translation>Diese Schicht wird zum Messen blind gehalten: Die Maske des Modells erscheint, sobald sie fertig ist.</translation>
    </message>
    <message>
        <source>Paint it and press {key}, or choose none at Keep blind in Train.</source>
        <translation>Malen Sie und drücken Sie {key}, oder wählen Sie „keine“ bei „Blind halten“ unter Lernen.</translation>
    </message>
    <message>
        <source>{a}, as before</source>
        <translation>{a}, wie zuvor</translation>
    </message>
    <message>
        <source>Open a slicelab project</source>
        <translation>slicelab-Projekt öffnen</translation>
    </message>
    <message>
        <source>Add images</source>
        <translation>Bilder hinzufügen</translation>
    </message>
    <message>
        <source>Add a folder of images</source>
        <translation>Ordner mit Bildern hinzufügen</translation>
    </message>
    <message>
        <source>Export into an empty or a new folder</source>
        <translation>In einen leeren oder neuen Ordner exportieren</translation>
    </message>
    <message>
        <source>Export here</source>
        <translation>Hierher exportieren</translation>
    </message>
    <message>
        <source>Methods report</source>
        <translation>Methodenbericht</translation>
    </message>
    <message>
        <source>Methods report written to {a}.</source>
        <translation>Methodenbericht nach {a} geschrieben.</translation>
    </message>
    <message>
        <source>Cases are {a}.</source>
        <translation>Fälle sind {a}.</translation>
    </message>
    <message>
        <source>Open its lock in the list of classes, or K.</source>
        <translation>Öffnen Sie ihr Schloss in der Liste der Klassen, oder K.</translation>
    </message>
    <message>
        <source>Drop MR images here: files, folders, DICOM studies</source>
        <translation>MR-Bilder hier ablegen: Dateien, Ordner, DICOM-Studien</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>Weiter</translation>
    </message>
    <message>
        <source>Writing the methods report …</source>
        <translation>Der Methodenbericht wird geschrieben …</translation>
    </message>
    <message>
        <source>You can go on; this takes a few seconds.</source>
        <translation>Sie können weiterarbeiten; das dauert einige Sekunden.</translation>
    </message>
    <message>
        <source>The job did not finish.</source>
        <translation>Der Vorgang kam nicht zu Ende.</translation>
    </message>
    <message>
        <source>It is open here for reading.</source>
        <translation>Es ist hier zum Lesen geöffnet.</translation>
    </message>
    <message>
        <source>Outline already closed; Enter again marks the slice done</source>
        <translation>Umriss ist schon geschlossen; nochmals Enter: Schicht fertig</translation>
    </message>
    <message>
        <source>Show the outlines of {a} in the picture</source>
        <translation>Umrisse von {a} im Bild zeigen</translation>
    </message>
    <message>
        <source>White and dotted, on slices that you both have marked done, while this window is open</source>
        <translation>Weiß und gepunktet, auf Schichten, die Sie beide fertig haben, solange dieses Fenster offen ist</translation>
    </message>
    <message>
        <source>{n} with finished slices</source>
        <translation>{n} mit fertigen Schichten</translation>
    </message>
    <message>
        <source>synthetic</source>
        <translation>synthetisch</translation>
    </message>
    <message>
        <source>From file</source>
        <translation>Aus Datei</translation>
    </message>
    <message>
        <source>This case</source>
        <translation>Dieser Fall</translation>
    </message>
    <message>
        <source>Reading and evening out the volumes</source>
        <translation>Bilder werden gelesen und angeglichen</translation>
    </message>
    <message>
        <source>Learning what slices look like as a whole</source>
        <translation>Lernt, wie Schichten als Ganzes aussehen</translation>
    </message>
    <message>
        <source>Learning what places in a slice look like</source>
        <translation>Lernt, wie Stellen einer Schicht aussehen</translation>
    </message>
    <message>
        <source>Rebuilding hidden pixels</source>
        <translation>Verdeckte Pixel werden ergänzt</translation>
    </message>
    <message>
        <source>Rebuilding hidden patches</source>
        <translation>Verdeckte Felder werden ergänzt</translation>
    </message>
    <message>
        <source>Learning from your slices</source>
        <translation>Lernt aus Ihren Schichten</translation>
    </message>
    <message>
        <source>Segmenting</source>
        <translation>Segmentiert</translation>
    </message>
    <message>
        <source>Looking at every slice</source>
        <translation>Sieht jede Schicht an</translation>
    </message>
    <message>
        <source>Learning without labels</source>
        <translation>Lernen ohne Masken</translation>
    </message>
    <message>
        <source>Predicting</source>
        <translation>Vorhersage</translation>
    </message>
    <message>
        <source>Comparing volumes</source>
        <translation>Vergleich der Bilder</translation>
    </message>
    <message>
        <source>Step {n} of {n2}</source>
        <translation>Schritt {n} von {n2}</translation>
    </message>
    <message>
        <source>Continue goes on from {a}.</source>
        <translation>Fortsetzen knüpft an diesen Stand an: {a}.</translation>
    </message>
    <message>
        <source>{a} · paused</source>
        <translation>{a} · angehalten</translation>
    </message>
    <message>
        <source>Nothing was saved yet: Continue starts it from the beginning.</source>
        <translation>Noch wurde nichts gespeichert: Fortsetzen beginnt von vorn.</translation>
    </message>
    <message>
        <source>step {n}</source>
        <translation>Schritt {n}</translation>
    </message>
    <message>
        <source>Starting …</source>
        <translation>Beginnt …</translation>
    </message>
    <message>
        <source>Preparing …</source>
        <translation>Bereitet vor …</translation>
    </message>
    <message>
        <source>You can stop</source>
        <translation>Sie können aufhören</translation>
    </message>
    <message>
        <source>Just started</source>
        <translation>Eben begonnen</translation>
    </message>
    <message>
        <source>Still improving</source>
        <translation>Wird noch besser</translation>
    </message>
    <message>
        <source>Improving slowly</source>
        <translation>Wird langsam besser</translation>
    </message>
    <message>
        <source>How long it takes is said as soon as it runs. Stop keeps what it has learned so far.</source>
        <translation>Wie lange es dauert, steht da, sobald es läuft. Nach Stopp bleibt, was es bis dahin gelernt hat.</translation>
    </message>
    <message>
        <source>The rest adds next to nothing. Stop keeps what it has learned so far.</source>
        <translation>Der Rest bringt fast nichts. Nach Stopp bleibt, was es bis dahin gelernt hat.</translation>
    </message>
    <message>
        <source>The rest adds little. Stop keeps what it has learned so far.</source>
        <translation>Der Rest bringt wenig. Nach Stopp bleibt, was es bis dahin gelernt hat.</translation>
    </message>
    <message>
        <source>Too early to say whether the rest is worth waiting for.</source>
        <translation>Noch zu früh, um zu sagen, ob sich das Warten auf den Rest lohnt.</translation>
    </message>
    <message>
        <source>Let it go on: what places look like comes next, and Stop leaves it out.</source>
        <translation>Weiterlaufen lassen: Als Nächstes kommt, wie Stellen aussehen, und Stopp lässt das aus.</translation>
    </message>
    <message>
        <source>Opening …</source>
        <translation>Wird geöffnet …</translation>
    </message>
    <message>
        <source>{n} slice</source>
        <translation>{n} Schicht</translation>
    </message>
    <message>
        <source>{n} slices</source>
        <translation>{n} Schichten</translation>
    </message>
    <message>
        <source>{n} case</source>
        <translation>{n} Fall</translation>
    </message>
    <message>
        <source>{n} cases</source>
        <translation>{n} Fälle</translation>
    </message>
    <message>
        <source>{n} volume</source>
        <translation>{n} Bild</translation>
    </message>
    <message>
        <source>{n} volumes</source>
        <translation>{n} Bilder</translation>
    </message>
    <message>
        <source>{n} image</source>
        <translation>{n} Bild</translation>
    </message>
    <message>
        <source>{n} images</source>
        <translation>{n} Bilder</translation>
    </message>
    <message>
        <source>{n} draft</source>
        <translation>{n} Entwurf</translation>
    </message>
    <message>
        <source>{n} drafts</source>
        <translation>{n} Entwürfe</translation>
    </message>
    <message>
        <source>{n} step</source>
        <translation>{n} Schritt</translation>
    </message>
    <message>
        <source>{n} steps</source>
        <translation>{n} Schritte</translation>
    </message>
    <message>
        <source>{n} mask</source>
        <translation>{n} Maske</translation>
    </message>
    <message>
        <source>{n} masks</source>
        <translation>{n} Masken</translation>
    </message>
    <message>
        <source>{n} item</source>
        <translation>{n} Eintrag</translation>
    </message>
    <message>
        <source>{n} items</source>
        <translation>{n} Einträge</translation>
    </message>
    <message>
        <source>{n} file</source>
        <translation>{n} Datei</translation>
    </message>
    <message>
        <source>{n} files</source>
        <translation>{n} Dateien</translation>
    </message>
    <message>
        <source>{n} class</source>
        <translation>{n} Klasse</translation>
    </message>
    <message>
        <source>{n} classes</source>
        <translation>{n} Klassen</translation>
    </message>
    <message>
        <source>{n} step.</source>
        <translation>{n} Schritt.</translation>
    </message>
    <message>
        <source>{n} steps.</source>
        <translation>{n} Schritte.</translation>
    </message>
    <message>
        <source>{n} labelled case</source>
        <translation>{n} gezeichneten Fall</translation>
    </message>
    <message>
        <source>{n} labelled cases</source>
        <translation>{n} gezeichneten Fällen</translation>
    </message>
    <message>
        <source>{n} test case</source>
        <translation>{n} Testfall</translation>
    </message>
    <message>
        <source>{n} test cases</source>
        <translation>{n} Testfällen</translation>
    </message>
    <message>
        <source>{n} case, {n2} slice</source>
        <translation>{n} Fall, {n2} Schicht</translation>
    </message>
    <message>
        <source>{n} case, {n2} slices</source>
        <translation>{n} Fall, {n2} Schichten</translation>
    </message>
    <message>
        <source>{n} cases, {n2} slices</source>
        <translation>{n} Fälle, {n2} Schichten</translation>
    </message>
    <message>
        <source>Axial, {rest}</source>
        <translation>Axial, {rest}</translation>
    </message>
    <message>
        <source>Coronal, {rest}</source>
        <translation>Koronal, {rest}</translation>
    </message>
    <message>
        <source>Sagittal, {rest}</source>
        <translation>Sagittal, {rest}</translation>
    </message>
    <message>
        <source>Axial</source>
        <translation>Axial</translation>
    </message>
    <message>
        <source>Coronal</source>
        <translation>Koronal</translation>
    </message>
    <message>
        <source>Sagittal</source>
        <translation>Sagittal</translation>
    </message>
    <message>
        <source>axial</source>
        <translation>axial</translation>
    </message>
    <message>
        <source>coronal</source>
        <translation>koronal</translation>
    </message>
    <message>
        <source>sagittal</source>
        <translation>sagittal</translation>
    </message>
    <message>
        <source>Labelled</source>
        <translation>Gezeichnet</translation>
    </message>
    <message>
        <source>unlabelled</source>
        <translation>ungezeichnet</translation>
    </message>
    <message>
        <source>draft</source>
        <translation>Entwurf</translation>
    </message>
    <message>
        <source>done</source>
        <translation>fertig</translation>
    </message>
    <message>
        <source>{what}, slice {n}</source>
        <translation>{what}, Schicht {n}</translation>
    </message>
    <message>
        <source>{what}, slices {n}-{n2}</source>
        <translation>{what}, Schichten {n}-{n2}</translation>
    </message>
    <message>
        <source>brush</source>
        <translation>Pinsel</translation>
    </message>
    <message>
        <source>erase</source>
        <translation>Radieren</translation>
    </message>
    <message>
        <source>polygon</source>
        <translation>Umriss</translation>
    </message>
    <message>
        <source>fill</source>
        <translation>Füllen</translation>
    </message>
    <message>
        <source>grow</source>
        <translation>Wachsen</translation>
    </message>
    <message>
        <source>interpolate</source>
        <translation>Interpolieren</translation>
    </message>
    <message>
        <source>import</source>
        <translation>Import</translation>
    </message>
    <message>
        <source>marking done</source>
        <translation>Fertigmelden</translation>
    </message>
    <message>
        <source>reopening</source>
        <translation>Wiederöffnen</translation>
    </message>
    <message>
        <source>clearing</source>
        <translation>Leeren</translation>
    </message>
    <message>
        <source>accepting</source>
        <translation>Übernehmen</translation>
    </message>
    <message>
        <source>accepting {a}</source>
        <translation>Übernehmen von {a}</translation>
    </message>
    <message>
        <source>smooth {a}</source>
        <translation>{a} glätten</translation>
    </message>
    <message>
        <source>grow {a}</source>
        <translation>{a} vergrößern</translation>
    </message>
    <message>
        <source>shrink {a}</source>
        <translation>{a} verkleinern</translation>
    </message>
    <message>
        <source>fill holes {a}</source>
        <translation>Löcher füllen, {a}</translation>
    </message>
    <message>
        <source>remove islands {a}</source>
        <translation>Inseln entfernen, {a}</translation>
    </message>
    <message>
        <source>copy slice {n}</source>
        <translation>Schicht {n} kopieren</translation>
    </message>
    <message>
        <source>Undid: {a}</source>
        <translation>Zurückgenommen: {a}</translation>
    </message>
    <message>
        <source>Did again: {a}</source>
        <translation>Wiederholt: {a}</translation>
    </message>
    <message>
        <source>voxel {n}, {n2}, {n3}</source>
        <translation>Voxel {n}, {n2}, {n3}</translation>
    </message>
    <message>
        <source>intensity {n}</source>
        <translation>Intensität {n}</translation>
    </message>
    <message>
        <source>{a} intensity {n}</source>
        <translation>{a} Intensität {n}</translation>
    </message>
    <message>
        <source>flagged</source>
        <translation>markiert</translation>
    </message>
    <message>
        <source>{n} min {n2} s</source>
        <translation>{n} min {n2} s</translation>
    </message>
    <message>
        <source>about {a} left</source>
        <translation>noch etwa {a}</translation>
    </message>
    <message>
        <source>Saved</source>
        <translation>Gespeichert</translation>
    </message>
    <message>
        <source>{a}: not a result.</source>
        <translation>{a}: kein Ergebnis.</translation>
    </message>
    <message>
        <source>On {a} a class is unknown and ignored.</source>
        <translation>Auf {a} ist eine Klasse unbekannt und wird übergangen.</translation>
    </message>
    <message>
        <source>{a} are left out.</source>
        <translation>{a} bleiben außen vor.</translation>
    </message>
    <message>
        <source>They are never read as background.</source>
        <translation>Sie gelten nie als Hintergrund.</translation>
    </message>
    <message>
        <source>Deleting what was removed would free {figure}.</source>
        <translation>Entferntes zu löschen gäbe {figure} frei.</translation>
    </message>
    <message>
        <source>Unlabelled slices are left out.</source>
        <translation>Ungezeichnete Schichten bleiben außen vor.</translation>
    </message>
    <message>
        <source>{a}  [{b}]</source>
        <translation>{a}  [{b}]</translation>
    </message>
    <message>
        <source>volume</source>
        <translation>Volumen</translation>
    </message>
    <message>
        <source>Synthetic volumes (phantoms): the numbers say nothing about patients.</source>
        <translation>Synthetische Volumen (Phantome): Die Zahlen sagen nichts über Patienten.</translation>
    </message>
    <message>
        <source>Pretraining {n} · {a}</source>
        <translation>Vorlernen {n} · {a}</translation>
    </message>
    <message>
        <source>Pretraining {n}</source>
        <translation>Vorlernen {n}</translation>
    </message>
    <message>
        <source>A pretraining is under way. To start from it, press Train when it has ended: now it starts as chosen.</source>
        <translation>Ein Vorlernen läuft. Um davon auszugehen, drücken Sie Lernen, wenn es fertig ist: Jetzt beginnt das Lernen wie gewählt.</translation>
    </message>
    <message>
        <source>volume so far</source>
        <translation>Volumen bisher</translation>
    </message>
    <message>
        <source>Volume of what is painted so far, in mL: slices of this case are not done yet</source>
        <translation>Volumen des bisher Gezeichneten, in ml: Schichten dieses Falls sind noch nicht fertig</translation>
    </message>
    <message>
        <source>black</source>
        <translation>schwarz</translation>
    </message>
    <message>
        <source>white</source>
        <translation>weiß</translation>
    </message>
    <message>
        <source>Labelled image + {n}% {a}</source>
        <translation>Gezeichnetes Bild + {n}% {a}</translation>
    </message>
    <message>
        <source>paints</source>
        <translation>malt</translation>
    </message>
    <message>
        <source>from</source>
        <translation>von</translation>
    </message>
    <message>
        <source>to</source>
        <translation>bis</translation>
    </message>
    <message>
        <source>by</source>
        <translation>um</translation>
    </message>
    <message>
        <source>Finished after {a}</source>
        <translation>Beendet nach {a}</translation>
    </message>
    <message>
        <source>Stopped after {a}</source>
        <translation>Angehalten nach {a}</translation>
    </message>
    <message>
        <source>Did not finish after {a}</source>
        <translation>Nicht zu Ende gekommen nach {a}</translation>
    </message>
    <message>
        <source>Smooth {a} by {figure}, this slice</source>
        <translation>{a} um {figure} glätten, diese Schicht</translation>
    </message>
    <message>
        <source>Smooth {a} by {figure}, all slices</source>
        <translation>{a} um {figure} glätten, alle Schichten</translation>
    </message>
    <message>
        <source>Fill holes of {a}, this slice</source>
        <translation>Löcher von {a} füllen, diese Schicht</translation>
    </message>
    <message>
        <source>Fill holes of {a}, all slices</source>
        <translation>Löcher von {a} füllen, alle Schichten</translation>
    </message>
    <message>
        <source>Remove islands of {a}, this slice</source>
        <translation>Inseln von {a} entfernen, diese Schicht</translation>
    </message>
    <message>
        <source>Remove islands of {a}, all slices</source>
        <translation>Inseln von {a} entfernen, alle Schichten</translation>
    </message>
    <message>
        <source>Grow {a} by {figure}, this slice</source>
        <translation>{a} um {figure} vergrößern, diese Schicht</translation>
    </message>
    <message>
        <source>Grow {a} by {figure}, all slices</source>
        <translation>{a} um {figure} vergrößern, alle Schichten</translation>
    </message>
    <message>
        <source>Shrink {a} by {figure}, this slice</source>
        <translation>{a} um {figure} verkleinern, diese Schicht</translation>
    </message>
    <message>
        <source>Shrink {a} by {figure}, all slices</source>
        <translation>{a} um {figure} verkleinern, alle Schichten</translation>
    </message>
    <message>
        <source>{a} · axial</source>
        <translation>{a} · axial</translation>
    </message>
    <message>
        <source>{a} · coronal</source>
        <translation>{a} · koronal</translation>
    </message>
    <message>
        <source>{a} · sagittal</source>
        <translation>{a} · sagittal</translation>
    </message>
    <message>
        <source>No slice lies</source>
        <translation>Keine Schicht liegt</translation>
    </message>
    <message>
        <source>Choose the class at the left.</source>
        <translation>Wählen Sie die Klasse links.</translation>
    </message>
    <message>
        <source>This is the last one.</source>
        <translation>Dies ist die letzte.</translation>
    </message>
    <message>
        <source>Label two slices with a few unlabelled ones between them.</source>
        <translation>Zeichnen Sie zwei Schichten mit einigen ungezeichneten dazwischen.</translation>
    </message>
    <message>
        <source>Open its lock in the list of classes, or draw over everything.</source>
        <translation>Öffnen Sie ihr Schloss in der Liste der Klassen, oder übermalen Sie alles.</translation>
    </message>
    <message>
        <source>There is no {a} on this case.</source>
        <translation>In diesem Fall gibt es keine Klasse {a}.</translation>
    </message>
    <message>
        <source>There is no {a} on this slice.</source>
        <translation>Auf dieser Schicht gibt es keine Klasse {a}.</translation>
    </message>
    <message>
        <source>There is no {a} on these slices.</source>
        <translation>Auf diesen Schichten gibt es keine Klasse {a}.</translation>
    </message>
    <message>
        <source>{a} on this slice {b}.</source>
        <translation>{a} auf dieser Schicht {b}.</translation>
    </message>
    <message>
        <source>{a} on this case {b}.</source>
        <translation>{a} in diesem Fall {b}.</translation>
    </message>
    <message>
        <source>{a} on these slices {b}.</source>
        <translation>{a} auf diesen Schichten {b}.</translation>
    </message>
    <message>
        <source>is as smooth as that makes it</source>
        <translation>ist schon so glatt</translation>
    </message>
    <message>
        <source>does not grow by that: it is less than a voxel, or what lies around may not be painted over</source>
        <translation>wächst davon nicht: Es ist weniger als ein Voxel, oder ringsum darf nicht übermalt werden</translation>
    </message>
    <message>
        <source>does not shrink by that: it is less than a voxel</source>
        <translation>schrumpft davon nicht: Es ist weniger als ein Voxel</translation>
    </message>
    <message>
        <source>has no holes</source>
        <translation>hat keine Löcher</translation>
    </message>
    <message>
        <source>is in one piece, or in pieces too large to be islands</source>
        <translation>ist in einem Stück, oder in Stücken, die für Inseln zu groß sind</translation>
    </message>
    <message>
        <source>images</source>
        <translation>Bilder</translation>
    </message>
    <message>
        <source>labels</source>
        <translation>Masken</translation>
    </message>
    <message>
        <source>runs</source>
        <translation>Läufe</translation>
    </message>
    <message>
        <source>predictions</source>
        <translation>Vorhersagen</translation>
    </message>
    <message>
        <source>nothing</source>
        <translation>nichts</translation>
    </message>
    <message>
        <source>images {a}</source>
        <translation>Bilder {a}</translation>
    </message>
    <message>
        <source>none</source>
        <translation>keine</translation>
    </message>
    <message>
        <source>None</source>
        <translation>Keine</translation>
    </message>
    <message>
        <source>Leave out</source>
        <translation>Auslassen</translation>
    </message>
    <message>
        <source>{a} jobs wait already.</source>
        <translation>{a} Vorgänge warten schon.</translation>
    </message>
    <message>
        <source>Cancel one of them first.</source>
        <translation>Brechen Sie zuerst einen davon ab.</translation>
    </message>
    <message>
        <source>The model was pretrained only and cannot segment yet.</source>
        <translation>Das Modell wurde nur vorgelernt und kann noch nicht segmentieren.</translation>
    </message>
    <message>
        <source>No MR volume was found there.</source>
        <translation>Dort wurde kein MR-Bild gefunden.</translation>
    </message>
    <message>
        <source>Choose NIfTI, NRRD, MHA or DICOM files or folders.</source>
        <translation>Wählen Sie NIfTI-, NRRD-, MHA- oder DICOM-Dateien oder Ordner.</translation>
    </message>
    <message>
        <source>The share of blind slices must be from 0 to 50 %.</source>
        <translation>Der Anteil blinder Schichten muss zwischen 0 und 50 % liegen.</translation>
    </message>
    <message>
        <source>Choose one in between.</source>
        <translation>Wählen Sie einen dazwischen.</translation>
    </message>
    <message>
        <source>There is no {a} on {b}.</source>
        <translation>Auf {b} gibt es keine Klasse {a}.</translation>
    </message>
    <message>
        <source>{a} Choose the class at the left.</source>
        <translation>{a} Wählen Sie die Klasse links.</translation>
    </message>
    <message>
        <source>{a} on {b} {c}.</source>
        <translation>{a} auf {b} {c}.</translation>
    </message>
    <message>
        <source>There is no slice there to copy from.</source>
        <translation>Dort ist keine Schicht, von der kopiert werden könnte.</translation>
    </message>
    <message>
        <source>{a} This is the last one.</source>
        <translation>{a} Dies ist die letzte.</translation>
    </message>
    <message>
        <source>Slice {a} has no outlines to copy.</source>
        <translation>Schicht {a} hat keine Umrisse zum Kopieren.</translation>
    </message>
    <message>
        <source>Slice {a} has these outlines already, or may not be painted over.</source>
        <translation>Schicht {a} hat diese Umrisse schon oder darf nicht übermalt werden.</translation>
    </message>
    <message>
        <source>Slice {a} does not lie</source>
        <translation>Schicht {a} liegt nicht</translation>
    </message>
    <message>
        <source>{a} between two labelled ones with nothing painted between.</source>
        <translation>{a} zwischen zwei gezeichneten, zwischen denen nichts gemalt ist.</translation>
    </message>
    <message>
        <source>{a} Label two slices with a few unlabelled ones between them.</source>
        <translation>{a} Zeichnen Sie zwei Schichten mit einigen ungezeichneten dazwischen.</translation>
    </message>
    <message>
        <source>{a} is locked.</source>
        <translation>{a} ist gesperrt.</translation>
    </message>
    <message>
        <source>{a} Open its lock in the list of classes, or draw over {b}.</source>
        <translation>{a} Öffnen Sie ihr Schloss in der Liste der Klassen, oder übermalen Sie {b}.</translation>
    </message>
    <message>
        <source>{a} {b}, and no slice there is done for another class.</source>
        <translation>{a} {b}, und keine Schicht dort ist für eine andere Klasse fertig.</translation>
    </message>
    <message>
        <source>Measure a model that was trained since, or mark slices done for a class that this one knows.</source>
        <translation>Messen Sie ein Modell, das seither gelernt hat, oder melden Sie Schichten für eine Klasse fertig, die dieses kennt.</translation>
    </message>
    <message>
        <source>{a} has no slice marked done.</source>
        <translation>{a} hat keine fertige Schicht.</translation>
    </message>
    <message>
        <source>{a} cannot be measured: {b} does not know</source>
        <translation>{a} kann nicht gemessen werden: {b} kennt nicht</translation>
    </message>
    <message>
        <source>Nothing can be measured: {a} does not know</source>
        <translation>Nichts kann gemessen werden: {a} kennt nicht</translation>
    </message>
    <message>
        <source>There is nothing to export yet.</source>
        <translation>Es gibt noch nichts zu exportieren.</translation>
    </message>
    <message>
        <source>Label slices, or predict with a run, first.</source>
        <translation>Zeichnen Sie zuerst Schichten, oder sagen Sie mit einem Lauf vorher.</translation>
    </message>
    <message>
        <source>The folder already holds {a}.</source>
        <translation>Im Ordner liegt schon {a}.</translation>
    </message>
    <message>
        <source>Choose an empty folder; nothing is overwritten.</source>
        <translation>Wählen Sie einen leeren Ordner; nichts wird überschrieben.</translation>
    </message>
    <message>
        <source>Choose a folder, which is made if it is not there yet.</source>
        <translation>Wählen Sie einen Ordner; gibt es ihn noch nicht, wird er angelegt.</translation>
    </message>
    <message>
        <source>That folder is part of the project.</source>
        <translation>Dieser Ordner gehört zum Projekt.</translation>
    </message>
    <message>
        <source>Choose one outside the project's folder.</source>
        <translation>Wählen Sie einen außerhalb des Projektordners.</translation>
    </message>
    <message>
        <source>The masks could not be written.</source>
        <translation>Die Masken konnten nicht geschrieben werden.</translation>
    </message>
    <message>
        <source>Check the folder and the space on the disk.</source>
        <translation>Prüfen Sie den Ordner und den freien Speicher.</translation>
    </message>
    <message>
        <source>Restore it: Project menu, Disk and removed items.</source>
        <translation>Stellen Sie es wieder her: Menü Projekt, Speicher und Entferntes.</translation>
    </message>
    <message>
        <source>It holds {a} volumes, and none was chosen.</source>
        <translation>Sie enthält {a} Bilder, und keines wurde gewählt.</translation>
    </message>
    <message>
        <source>Add it once more to choose one.</source>
        <translation>Fügen Sie sie noch einmal hinzu, um eines zu wählen.</translation>
    </message>
    <message>
        <source>The mask has no voxel of a class of the project ({a}), and nothing names its structures.</source>
        <translation>Die Maske hat kein Voxel einer Klasse des Projekts ({a}), und nichts benennt ihre Strukturen.</translation>
    </message>
    <message>
        <source>Give each class its value in the mask, or put a dataset.json that names them beside it.</source>
        <translation>Geben Sie jeder Klasse ihren Wert in der Maske, oder legen Sie eine dataset.json daneben, die sie benennt.</translation>
    </message>
    <message>
        <source>The mask's structures ({a}) match none of the project's classes ({b}).</source>
        <translation>Die Strukturen der Maske ({a}) passen zu keiner Klasse des Projekts ({b}).</translation>
    </message>
    <message>
        <source>Name the project's classes like the data set's structures.</source>
        <translation>Nennen Sie die Klassen des Projekts wie die Strukturen des Datensatzes.</translation>
    </message>
    <message>
        <source>value {a}</source>
        <translation>Wert {a}</translation>
    </message>
    <message>
        <source>There is no mask for {a}.</source>
        <translation>Für {a} gibt es keine Maske.</translation>
    </message>
    <message>
        <source>The same volume lies among the removed items, as {a}.</source>
        <translation>Dasselbe Bild liegt unter dem Entfernten, als {a}.</translation>
    </message>
    <message>
        <source>It has labels already; they were kept.</source>
        <translation>Er hat schon Masken; sie wurden behalten.</translation>
    </message>
    <message>
        <source>Run {a} has finished; there is nothing left to do.</source>
        <translation>Lauf {a} ist beendet; es ist nichts mehr zu tun.</translation>
    </message>
    <message>
        <source>Start a new run.</source>
        <translation>Beginnen Sie einen neuen Lauf.</translation>
    </message>
    <message>
        <source>The process of run {a} has not ended yet.</source>
        <translation>Der Prozess von Lauf {a} ist noch nicht zu Ende.</translation>
    </message>
    <message>
        <source>Try again in a moment.</source>
        <translation>Versuchen Sie es gleich noch einmal.</translation>
    </message>
    <message>
        <source>Another job ({a}) is running.</source>
        <translation>Ein anderer Vorgang ({a}) läuft.</translation>
    </message>
    <message>
        <source>Wait for it, or stop it first.</source>
        <translation>Warten Sie auf ihn, oder halten Sie ihn zuerst an.</translation>
    </message>
    <message>
        <source>The job did not start.</source>
        <translation>Der Vorgang begann nicht.</translation>
    </message>
    <message>
        <source>The job's process was not running any more.</source>
        <translation>Der Prozess des Vorgangs lief nicht mehr.</translation>
    </message>
    <message>
        <source>No slice is marked done yet.</source>
        <translation>Noch ist keine Schicht fertig.</translation>
    </message>
    <message>
        <source>Label a few slices and mark them done.</source>
        <translation>Zeichnen Sie einige Schichten und melden Sie sie fertig.</translation>
    </message>
    <message>
        <source>No case is left to learn from.</source>
        <translation>Es bleibt kein Fall, aus dem gelernt werden könnte.</translation>
    </message>
    <message>
        <source>Import volumes, or exclude fewer.</source>
        <translation>Fügen Sie Bilder hinzu, oder lassen Sie weniger aus.</translation>
    </message>
    <message>
        <source>There is no case to predict.</source>
        <translation>Es gibt keinen Fall vorherzusagen.</translation>
    </message>
    <message>
        <source>Import volumes first.</source>
        <translation>Fügen Sie zuerst Bilder hinzu.</translation>
    </message>
    <message>
        <source>Run {a} holds no weights ({b}).</source>
        <translation>Lauf {a} enthält keine Gewichte ({b}).</translation>
    </message>
    <message>
        <source>Choose a run that finished.</source>
        <translation>Wählen Sie einen beendeten Lauf.</translation>
    </message>
    <message>
        <source>ended unexpectedly (exit code {a})</source>
        <translation>endete unerwartet (Code {a})</translation>
    </message>
    <message>
        <source>The job's process could not be started.</source>
        <translation>Der Prozess des Vorgangs konnte nicht gestartet werden.</translation>
    </message>
    <message>
        <source>Check the disk and memory, then try again.</source>
        <translation>Prüfen Sie Platte und Arbeitsspeicher und versuchen Sie es noch einmal.</translation>
    </message>
    <message>
        <source>The job's process {a}.</source>
        <translation>Der Prozess des Vorgangs {a}.</translation>
    </message>
    <message>
        <source>There are {a} images there ({b}{c}).</source>
        <translation>Dort liegen {a} Bilder ({b}{c}).</translation>
    </message>
    <message>
        <source>Choose one file, or the folder of one series.</source>
        <translation>Wählen Sie eine Datei, oder den Ordner einer Serie.</translation>
    </message>
    <message>
        <source>The case has no such sequence any more.</source>
        <translation>Diese Sequenz hat der Fall nicht mehr.</translation>
    </message>
    <message>
        <source>Open the case again.</source>
        <translation>Öffnen Sie den Fall noch einmal.</translation>
    </message>
    <message>
        <source>This is the image of the case that is labelled.</source>
        <translation>Dies ist das Bild des Falls, das gezeichnet wird.</translation>
    </message>
    <message>
        <source>Choose another sequence of it.</source>
        <translation>Wählen Sie eine andere Sequenz.</translation>
    </message>
    <message>
        <source>The image is of another patient than the case.</source>
        <translation>Das Bild ist von einem anderen Patienten als der Fall.</translation>
    </message>
    <message>
        <source>Choose a sequence of the same examination.</source>
        <translation>Wählen Sie eine Sequenz derselben Untersuchung.</translation>
    </message>
    <message>
        <source>The image does not overlap the case: by the positions in the two files it lies elsewhere in the scanner.</source>
        <translation>Das Bild überlappt den Fall nicht: Nach den Positionen in den beiden Dateien liegt es woanders im Scanner.</translation>
    </message>
    <message>
        <source>Choose a sequence of the same examination, or export it again with its position.</source>
        <translation>Wählen Sie eine Sequenz derselben Untersuchung, oder exportieren Sie sie noch einmal mit ihrer Position.</translation>
    </message>
    <message>
        <source>It covers {a} of the labelled image.</source>
        <translation>Sie bedeckt {a} des gezeichneten Bildes.</translation>
    </message>
    <message>
        <source>Choose a NIfTI, NRRD, MHA or DICOM file, or the folder of a DICOM series.</source>
        <translation>Wählen Sie eine NIfTI-, NRRD-, MHA- oder DICOM-Datei, oder den Ordner einer DICOM-Serie.</translation>
    </message>
    <message>
        <source>The file holds {a} volumes, and a sequence is one.</source>
        <translation>Die Datei enthält {a} Bilder, und eine Sequenz ist eines.</translation>
    </message>
    <message>
        <source>Save the volume you want as a file of its own.</source>
        <translation>Speichern Sie das gewünschte Bild als eigene Datei.</translation>
    </message>
    <message>
        <source>The case has this image already, as {a}.</source>
        <translation>Der Fall hat dieses Bild schon, als {a}.</translation>
    </message>
    <message>
        <source>The same image lies among the removed items, as {a}.</source>
        <translation>Dasselbe Bild liegt unter dem Entfernten, als {a}.</translation>
    </message>
    <message>
        <source>{a} volume {b}</source>
        <translation>{a} Bild {b}</translation>
    </message>
    <message>
        <source>This is volume {a} of the {b} that the series holds.</source>
        <translation>Dies ist Bild {a} von {b}, die die Serie enthält.</translation>
    </message>
    <message>
        <source>The case has slices 1 to {a}; slice {b} is not among them.</source>
        <translation>Der Fall hat die Schichten 1 bis {a}; Schicht {b} ist nicht darunter.</translation>
    </message>
    <message>
        <source>There is no case to choose from.</source>
        <translation>Es gibt keinen Fall zur Auswahl.</translation>
    </message>
    <message>
        <source>Run {a} is running and stays where it computes.</source>
        <translation>Lauf {a} läuft und bleibt, wo er rechnet.</translation>
    </message>
    <message>
        <source>Stop it first.</source>
        <translation>Halten Sie ihn zuerst an.</translation>
    </message>
    <message>
        <source>The project is open for reading only.</source>
        <translation>Das Projekt ist nur zum Lesen geöffnet.</translation>
    </message>
    <message>
        <source>Close it elsewhere, then open it again.</source>
        <translation>Schließen Sie es anderswo und öffnen Sie es noch einmal.</translation>
    </message>
    <message>
        <source>Memory ran out. The job goes on with {a} at once, half as many as before; results differ a little.</source>
        <translation>Der Speicher ging aus. Der Vorgang geht mit {a} auf einmal weiter, halb so vielen wie zuvor; die Ergebnisse weichen ein wenig ab.</translation>
    </message>
    <message>
        <source>Step {a} did not count: {b}. The training went back to step {c} and learns more slowly from there (1/{d} of the usual rate).</source>
        <translation>Schritt {a} zählte nicht: {b}. Das Lernen ging zu Schritt {c} zurück und lernt von dort an langsamer (1/{d} der üblichen Rate).</translation>
    </message>
    <message>
        <source>Run {a} is still running.</source>
        <translation>Lauf {a} läuft noch.</translation>
    </message>
    <message>
        <source>A job is running, and may be reading these files.</source>
        <translation>Ein Vorgang läuft und liest vielleicht diese Dateien.</translation>
    </message>
    <message>
        <source>Stop it, or wait for its end.</source>
        <translation>Halten Sie ihn an, oder warten Sie auf sein Ende.</translation>
    </message>
    <message>
        <source>Only what was removed can be deleted for good.</source>
        <translation>Nur Entferntes kann endgültig gelöscht werden.</translation>
    </message>
    <message>
        <source>Remove it first.</source>
        <translation>Entfernen Sie es zuerst.</translation>
    </message>
    <message>
        <source>A file could not be deleted.</source>
        <translation>Eine Datei konnte nicht gelöscht werden.</translation>
    </message>
    <message>
        <source>Check that the disk can be written, then delete it again.</source>
        <translation>Prüfen Sie, ob die Platte beschrieben werden kann, und löschen Sie noch einmal.</translation>
    </message>
    <message>
        <source>A project needs at least one class.</source>
        <translation>Ein Projekt braucht mindestens eine Klasse.</translation>
    </message>
    <message>
        <source>Add another one first.</source>
        <translation>Fügen Sie zuerst eine andere hinzu.</translation>
    </message>
    <message>
        <source>There is no slice without labels to learn from.</source>
        <translation>Es gibt keine Schicht ohne Maske, aus der gelernt werden könnte.</translation>
    </message>
    <message>
        <source>Labels are safe.</source>
        <translation>Die Masken sind sicher.</translation>
    </message>
    <message>
        <source>Compute on the CPU, which is slower, or leave the choice of the device to slicelab.</source>
        <translation>Rechnen Sie auf der CPU, was langsamer ist, oder überlassen Sie slicelab die Wahl.</translation>
    </message>
    <message>
        <source>over {a} of {b} classes</source>
        <translation>über {a} von {b} Klassen</translation>
    </message>
    <message>
        <source>The volume's position in space (affine) is not finite.</source>
        <translation>Die Position des Bildes im Raum (Affine) ist nicht endlich.</translation>
    </message>
    <message>
        <source>Export it again.</source>
        <translation>Exportieren Sie es noch einmal.</translation>
    </message>
    <message>
        <source>The volume's voxels have no size (singular affine).</source>
        <translation>Die Voxel des Bildes haben keine Größe (singuläre Affine).</translation>
    </message>
    <message>
        <source>A volume needs three axes, this one has the shape {a}.</source>
        <translation>Ein Bild braucht drei Achsen, dieses hat die Form {a}.</translation>
    </message>
    <message>
        <source>A project needs at least one class, each with a name.</source>
        <translation>Ein Projekt braucht mindestens eine Klasse, jede mit einem Namen.</translation>
    </message>
    <message>
        <source>For example: "liver,spleen".</source>
        <translation>Zum Beispiel: „Leber,Milz“.</translation>
    </message>
    <message>
        <source>Background is not a class: it has the value 0 in every mask.</source>
        <translation>Hintergrund ist keine Klasse: Er hat in jeder Maske den Wert 0.</translation>
    </message>
    <message>
        <source>Leave it out.</source>
        <translation>Lassen Sie ihn weg.</translation>
    </message>
    <message>
        <source>The class name {a} appears more than once.</source>
        <translation>Der Klassenname {a} kommt mehr als einmal vor.</translation>
    </message>
    <message>
        <source>Give each class its own name.</source>
        <translation>Geben Sie jeder Klasse ihren eigenen Namen.</translation>
    </message>
    <message>
        <source>A project can have at most {a} classes.</source>
        <translation>Ein Projekt kann höchstens {a} Klassen haben.</translation>
    </message>
    <message>
        <source>The file {a} that belongs to slicelab is missing.</source>
        <translation>Die Datei {a}, die zu slicelab gehört, fehlt.</translation>
    </message>
    <message>
        <source>The installation is incomplete: install slicelab again.</source>
        <translation>Die Installation ist unvollständig: Installieren Sie slicelab noch einmal.</translation>
    </message>
    <message>
        <source>Continue from step {n}.</source>
        <translation>Setzen Sie ab Schritt {n} fort.</translation>
    </message>
    <message>
        <source>Start it again.</source>
        <translation>Beginnen Sie ihn noch einmal.</translation>
    </message>
    <message>
        <source>The pretraining is not learning to tell images apart: its loss stays where an untrained network is. Stop it, and try a lower learning rate, more cases, or another method.</source>
        <translation>Das Vorlernen lernt nicht, Bilder zu unterscheiden: Sein Verlust bleibt, wo der eines ungelernten Netzes ist. Halten Sie es an und versuchen Sie eine kleinere Lernrate, mehr Fälle oder ein anderes Verfahren.</translation>
    </message>
    <message>
        <source>{a}, {b} threads, {c}</source>
        <translation>{a}, {b} Threads, {c}</translation>
    </message>
    <message>
        <source>{a} faster than the CPU here</source>
        <translation>{a} schneller als die CPU hier</translation>
    </message>
    <message>
        <source>This run began on {a}, and goes on with {b}.</source>
        <translation>Dieser Lauf begann auf {a} und geht mit {b} weiter.</translation>
    </message>
    <message>
        <source>{n} times</source>
        <translation>{n}-mal</translation>
    </message>
    <message>
        <source>{a} faster than the GPU here</source>
        <translation>{a} schneller als die GPU hier</translation>
    </message>
    <message>
        <source>This machine has no {a} device that can be used.</source>
        <translation>Dieser Rechner hat kein nutzbares Gerät der Art {a}.</translation>
    </message>
    <message>
        <source>{a} faster than float32 here</source>
        <translation>{a} schneller als float32 hier</translation>
    </message>
    <message>
        <source>There is no slice marked done to learn from.</source>
        <translation>Es gibt keine fertige Schicht, aus der gelernt werden könnte.</translation>
    </message>
    <message>
        <source>Mark at least one slice as done.</source>
        <translation>Melden Sie mindestens eine Schicht fertig.</translation>
    </message>
    <message>
        <source>{a} Its losses differ in the last digits from those of an uninterrupted run.</source>
        <translation>{a} Die Verluste weichen in den letzten Stellen von denen eines ununterbrochenen Laufs ab.</translation>
    </message>
    <message>
        <source>Start it again as a new run.</source>
        <translation>Beginnen Sie ihn noch einmal als neuen Lauf.</translation>
    </message>
    <message>
        <source>The model that the run has saved, if any, is untouched.</source>
        <translation>Das Modell, das der Lauf gespeichert hat, ist unberührt.</translation>
    </message>
    <message>
        <source>The network restores hidden pixels hardly better than the median of their neighbours: this pretraining taught it little. Train it longer, or use blocks or contrastive pretraining.</source>
        <translation>Das Netz stellt verdeckte Pixel kaum besser wieder her als der Median ihrer Nachbarn: Dieses Vorlernen lehrte es wenig. Lernen Sie länger, oder nehmen Sie Felder oder den Vergleich von Stellen.</translation>
    </message>
    <message>
        <source>The GPU has too little free memory for this job{a}.</source>
        <translation>Die GPU hat zu wenig freien Speicher für diesen Vorgang{a}.</translation>
    </message>
    <message>
        <source>Train on the CPU, which is slower, or close other programs that use the GPU.</source>
        <translation>Lernen Sie auf der CPU, was langsamer ist, oder schließen Sie andere Programme, die die GPU nutzen.</translation>
    </message>
    <message>
        <source>Start it once more: it takes half as many slices at once from then on.</source>
        <translation>Beginnen Sie ihn noch einmal: Er nimmt von da an halb so viele Schichten auf einmal.</translation>
    </message>
    <message>
        <source>The computer has too little free memory for this job{a}.</source>
        <translation>Der Rechner hat zu wenig freien Speicher für diesen Vorgang{a}.</translation>
    </message>
    <message>
        <source>Close other programs.</source>
        <translation>Schließen Sie andere Programme.</translation>
    </message>
    <message>
        <source> What it had learnt by step {n} is kept.</source>
        <translation> Was bis Schritt {n} gelernt wurde, bleibt.</translation>
    </message>
    <message>
        <source>The training stopped at step {a}: its loss was not a number, or far too high, for the third time, although the learning rate was lowered each time.{b}</source>
        <translation>Das Lernen hielt bei Schritt {a} an: Sein Verlust war zum dritten Mal keine Zahl oder viel zu hoch, obwohl die Lernrate jedes Mal gesenkt wurde.{b}</translation>
    </message>
    <message>
        <source>Look for damaged images among the cases, leave them out and start a new run{a}.</source>
        <translation>Suchen Sie nach beschädigten Bildern unter den Fällen, lassen Sie sie aus und beginnen Sie einen neuen Lauf{a}.</translation>
    </message>
    <message>
        <source>Models saved before are untouched.</source>
        <translation>Zuvor gespeicherte Modelle sind unberührt.</translation>
    </message>
    <message>
        <source>Case {a} has no slice marked done.</source>
        <translation>Fall {a} hat keine fertige Schicht.</translation>
    </message>
    <message>
        <source>Mark slices as done, or leave the case out.</source>
        <translation>Melden Sie Schichten fertig, oder lassen Sie den Fall aus.</translation>
    </message>
    <message>
        <source>This run was pretrained only and cannot segment yet.</source>
        <translation>Dieser Lauf wurde nur vorgelernt und kann noch nicht segmentieren.</translation>
    </message>
    <message>
        <source>There is no case to work on.</source>
        <translation>Es gibt keinen Fall zum Bearbeiten.</translation>
    </message>
    <message>
        <source>No slice learned from is done for {a}, so this model will not know it: nothing is learned, predicted or measured of it. Paint it on slices to learn from, mark them done, and train again.</source>
        <translation>Keine Schicht, aus der gelernt wird, ist für {a} fertig, also wird dieses Modell sie nicht kennen: Von ihr wird nichts gelernt, vorhergesagt oder gemessen. Malen Sie sie auf Schichten zum Lernen, melden Sie sie fertig und lernen Sie noch einmal.</translation>
    </message>
    <message>
        <source>None of the slices marked done shows {a}, so the model learns that there is none anywhere. Paint {b} where it is, or remove the class.</source>
        <translation>Keine der fertigen Schichten zeigt {a}, also lernt das Modell, dass es nirgends etwas davon gibt. Malen Sie {b}, wo es ist, oder entfernen Sie die Klasse.</translation>
    </message>
    <message>
        <source>The job was ended from outside, or because one of its processes failed.</source>
        <translation>Der Vorgang wurde von außen beendet, oder weil einer seiner Prozesse scheiterte.</translation>
    </message>
    <message>
        <source>The computer ran out of memory.</source>
        <translation>Dem Rechner ging der Speicher aus.</translation>
    </message>
    <message>
        <source>The job stopped because of an unexpected error.</source>
        <translation>Der Vorgang hielt wegen eines unerwarteten Fehlers an.</translation>
    </message>
    <message>
        <source>If it stops again, send the run's log.txt to the developers.</source>
        <translation>Hält er wieder an, schicken Sie log.txt des Laufs an die Entwickler.</translation>
    </message>
    <message>
        <source>The old file, if there was one, is untouched.</source>
        <translation>Die alte Datei, falls es eine gab, ist unberührt.</translation>
    </message>
    <message>
        <source>The disk is full.</source>
        <translation>Die Platte ist voll.</translation>
    </message>
    <message>
        <source>Free some space and try again.</source>
        <translation>Schaffen Sie Platz und versuchen Sie es noch einmal.</translation>
    </message>
    <message>
        <source>The folder cannot be written to.</source>
        <translation>Der Ordner kann nicht beschrieben werden.</translation>
    </message>
    <message>
        <source>Check its permissions, or choose another folder.</source>
        <translation>Prüfen Sie seine Rechte, oder wählen Sie einen anderen Ordner.</translation>
    </message>
    <message>
        <source>The folder is not there.</source>
        <translation>Den Ordner gibt es nicht.</translation>
    </message>
    <message>
        <source>Check that the drive is connected, then try again.</source>
        <translation>Prüfen Sie, ob das Laufwerk verbunden ist, und versuchen Sie es noch einmal.</translation>
    </message>
    <message>
        <source>The disk refused ({a}).</source>
        <translation>Die Platte verweigerte es ({a}).</translation>
    </message>
    <message>
        <source>Try again.</source>
        <translation>Versuchen Sie es noch einmal.</translation>
    </message>
    <message>
        <source>Synthetic: computed by a phantom generator, not acquired from a patient.</source>
        <translation>Synthetisch: von einem Phantomgenerator berechnet, nicht an einem Patienten aufgenommen.</translation>
    </message>
    <message>
        <source>{a} entries point outside the data set's folder and were left out.</source>
        <translation>{a} Einträge zeigen aus dem Ordner des Datensatzes hinaus und wurden weggelassen.</translation>
    </message>
    <message>
        <source>The data set has {a} images a case; the first of each was taken.</source>
        <translation>Der Datensatz hat {a} Bilder je Fall; jeweils das erste wurde genommen.</translation>
    </message>
    <message>
        <source>The mask has {a} voxels, its image {b} (right x anterior x superior).</source>
        <translation>Die Maske hat {a} Voxel, ihr Bild {b} (rechts x vorn x oben).</translation>
    </message>
    <message>
        <source>Choose the mask that was made on this image.</source>
        <translation>Wählen Sie die Maske, die auf diesem Bild gemacht wurde.</translation>
    </message>
    <message>
        <source>The mask has its image's shape, but lies up to {figure} voxels away from it in the patient.</source>
        <translation>Die Maske hat die Form ihres Bildes, liegt aber im Patienten bis zu {figure} Voxel daneben.</translation>
    </message>
    <message>
        <source>Check that the mask was made on this image; if it was, save it again with the image's position.</source>
        <translation>Prüfen Sie, ob die Maske auf diesem Bild gemacht wurde; wenn ja, speichern Sie sie noch einmal mit der Position des Bildes.</translation>
    </message>
    <message>
        <source>Import or select at least one.</source>
        <translation>Fügen Sie mindestens einen hinzu oder wählen Sie einen.</translation>
    </message>
    <message>
        <source>The volume of case {a} is missing in the project's folder.</source>
        <translation>Das Bild von Fall {a} fehlt im Ordner des Projekts.</translation>
    </message>
    <message>
        <source>Import it again.</source>
        <translation>Fügen Sie es noch einmal hinzu.</translation>
    </message>
    <message>
        <source>Volumes and labels are safe; the pool can be made again at any time.</source>
        <translation>Bilder und Masken sind sicher; die Schichten können jederzeit neu vorbereitet werden.</translation>
    </message>
    <message>
        <source>The file cannot be opened.</source>
        <translation>Die Datei kann nicht geöffnet werden.</translation>
    </message>
    <message>
        <source>Check that it is there and may be read.</source>
        <translation>Prüfen Sie, ob es sie gibt und sie gelesen werden darf.</translation>
    </message>
    <message>
        <source>Export the file again.</source>
        <translation>Exportieren Sie die Datei noch einmal.</translation>
    </message>
    <message>
        <source>The file needs more memory than its size allows.</source>
        <translation>Die Datei braucht mehr Speicher, als ihre Größe erlaubt.</translation>
    </message>
    <message>
        <source>The file may be damaged.</source>
        <translation>Die Datei ist vielleicht beschädigt.</translation>
    </message>
    <message>
        <source>{figure} voxels without a finite value were set to the lowest one ({figure2}).</source>
        <translation>{figure} Voxel ohne endlichen Wert wurden auf den niedrigsten gesetzt ({figure2}).</translation>
    </message>
    <message>
        <source>This holds {a} volumes (a series over time, or with several weightings).</source>
        <translation>Dies enthält {a} Bilder (eine Reihe über die Zeit oder mit mehreren Gewichtungen).</translation>
    </message>
    <message>
        <source>The colours were turned into grey values.</source>
        <translation>Die Farben wurden in Grauwerte verwandelt.</translation>
    </message>
    <message>
        <source>The mask's values are not numbers of a usable kind.</source>
        <translation>Die Werte der Maske sind keine brauchbaren Zahlen.</translation>
    </message>
    <message>
        <source>Export it as integers.</source>
        <translation>Exportieren Sie sie als ganze Zahlen.</translation>
    </message>
    <message>
        <source>The mask has values from {figure} to {figure2}; class values go from 0 to 255.</source>
        <translation>Die Maske hat Werte von {figure} bis {figure2}; Klassen haben Werte von 0 bis 255.</translation>
    </message>
    <message>
        <source>Check that this is the mask and not the image.</source>
        <translation>Prüfen Sie, ob dies die Maske ist und nicht das Bild.</translation>
    </message>
    <message>
        <source>The mask has values that are not whole numbers.</source>
        <translation>Die Maske hat Werte, die keine ganzen Zahlen sind.</translation>
    </message>
    <message>
        <source>Export the mask without smoothing, one value a class.</source>
        <translation>Exportieren Sie die Maske ohne Glättung, ein Wert je Klasse.</translation>
    </message>
    <message>
        <source>The complex values were turned into their magnitude.</source>
        <translation>Die komplexen Werte wurden in ihren Betrag verwandelt.</translation>
    </message>
    <message>
        <source>All voxels have the same value.</source>
        <translation>Alle Voxel haben denselben Wert.</translation>
    </message>
    <message>
        <source>No voxel has a finite value.</source>
        <translation>Kein Voxel hat einen endlichen Wert.</translation>
    </message>
    <message>
        <source>Export the volume again.</source>
        <translation>Exportieren Sie das Bild noch einmal.</translation>
    </message>
    <message>
        <source>The file declares an impossible voxel size ({a} mm).</source>
        <translation>Die Datei nennt eine unmögliche Voxelgröße ({a} mm).</translation>
    </message>
    <message>
        <source>Correct the voxel size and export the volume again.</source>
        <translation>Berichtigen Sie die Voxelgröße und exportieren Sie das Bild noch einmal.</translation>
    </message>
    <message>
        <source>The slices are tilted by {figure} degrees; they are shown as the nearest plane.</source>
        <translation>Die Schichten sind um {figure} Grad gekippt; gezeigt werden sie als die nächste Ebene.</translation>
    </message>
    <message>
        <source>This is a colour picture, not a mask.</source>
        <translation>Dies ist ein Farbbild, keine Maske.</translation>
    </message>
    <message>
        <source>Export the mask with class values.</source>
        <translation>Exportieren Sie die Maske mit Klassenwerten.</translation>
    </message>
    <message>
        <source>The position in space is impossible.</source>
        <translation>Die Position im Raum ist unmöglich.</translation>
    </message>
    <message>
        <source>This series stores each volume as one mosaic picture.</source>
        <translation>Diese Serie speichert jedes Bild als ein Mosaik.</translation>
    </message>
    <message>
        <source>Convert it to NIfTI first, for example with dcm2niix.</source>
        <translation>Wandeln Sie sie zuerst in NIfTI um, zum Beispiel mit dcm2niix.</translation>
    </message>
    <message>
        <source>There is no DICOM picture here.</source>
        <translation>Hier ist kein DICOM-Bild.</translation>
    </message>
    <message>
        <source>Choose the folder that holds the series.</source>
        <translation>Wählen Sie den Ordner mit der Serie.</translation>
    </message>
    <message>
        <source>The series is no longer in this folder.</source>
        <translation>Die Serie ist nicht mehr in diesem Ordner.</translation>
    </message>
    <message>
        <source>Choose the folder again.</source>
        <translation>Wählen Sie den Ordner noch einmal.</translation>
    </message>
    <message>
        <source>There are {a} series in this folder.</source>
        <translation>In diesem Ordner sind {a} Serien.</translation>
    </message>
    <message>
        <source>Choose one of them.</source>
        <translation>Wählen Sie eine davon.</translation>
    </message>
    <message>
        <source>A picture has another size than its header says.</source>
        <translation>Ein Bild hat eine andere Größe, als sein Kopf sagt.</translation>
    </message>
    <message>
        <source>Export the series again.</source>
        <translation>Exportieren Sie die Serie noch einmal.</translation>
    </message>
    <message>
        <source>The pixels of a DICOM file cannot be decoded.</source>
        <translation>Die Pixel einer DICOM-Datei können nicht entschlüsselt werden.</translation>
    </message>
    <message>
        <source>Export the series again, without compression.</source>
        <translation>Exportieren Sie die Serie noch einmal, ohne Kompression.</translation>
    </message>
    <message>
        <source>A DICOM file is damaged.</source>
        <translation>Eine DICOM-Datei ist beschädigt.</translation>
    </message>
    <message>
        <source>There are more than {n} DICOM files here.</source>
        <translation>Hier sind mehr als {n} DICOM-Dateien.</translation>
    </message>
    <message>
        <source>Choose one study.</source>
        <translation>Wählen Sie eine Studie.</translation>
    </message>
    <message>
        <source>{a} of {b} positions were recorded more than once; the first one was used.</source>
        <translation>{a} von {b} Positionen wurden mehrfach aufgenommen; die erste wurde genommen.</translation>
    </message>
    <message>
        <source>The pictures do not say where they lie in the patient; their order and left and right are assumed, please check.</source>
        <translation>Die Bilder sagen nicht, wo sie im Patienten liegen; ihre Reihenfolge sowie links und rechts sind angenommen, bitte prüfen.</translation>
    </message>
    <message>
        <source>{a} files were copies of others and were left out.</source>
        <translation>{a} Dateien waren Kopien anderer und wurden weggelassen.</translation>
    </message>
    <message>
        <source>This series has slices in {a} directions (a localizer, or several planes in one series).</source>
        <translation>Diese Serie hat Schichten in {a} Richtungen (ein Localizer, oder mehrere Ebenen in einer Serie).</translation>
    </message>
    <message>
        <source>Choose a series with slices in one direction.</source>
        <translation>Wählen Sie eine Serie mit Schichten in einer Richtung.</translation>
    </message>
    <message>
        <source>Some slices of this series do not say how they lie.</source>
        <translation>Einige Schichten dieser Serie sagen nicht, wie sie liegen.</translation>
    </message>
    <message>
        <source>The slices of this series have different sizes.</source>
        <translation>Die Schichten dieser Serie sind verschieden groß.</translation>
    </message>
    <message>
        <source>Choose or export one volume.</source>
        <translation>Wählen oder exportieren Sie ein Bild.</translation>
    </message>
    <message>
        <source>The slices are not evenly spaced: usually {n} mm apart, but not between slices {where}. Volumes in mL and distances are off there.</source>
        <translation>Die Schichten sind nicht gleichmäßig: meist {n} mm auseinander, aber nicht zwischen den Schichten {where}. Volumen in mL und Abstände stimmen dort nicht.</translation>
    </message>
    <message>
        <source>The pixel size is not given; 1 mm was assumed.</source>
        <translation>Die Pixelgröße ist nicht angegeben; 1 mm wurde angenommen.</translation>
    </message>
    <message>
        <source>{n} and {n2} ({n3} mm)</source>
        <translation>{n} und {n2} ({n3} mm)</translation>
    </message>
    <message>
        <source>Choose the folder that its volumes came from.</source>
        <translation>Wählen Sie den Ordner, aus dem seine Bilder kamen.</translation>
    </message>
    <message>
        <source>The file took too long or too much memory to look at.</source>
        <translation>Die Datei anzusehen dauerte zu lange oder brauchte zu viel Speicher.</translation>
    </message>
    <message>
        <source>The folder cannot be opened.</source>
        <translation>Der Ordner kann nicht geöffnet werden.</translation>
    </message>
    <message>
        <source>Check that you may read it.</source>
        <translation>Prüfen Sie, ob Sie ihn lesen dürfen.</translation>
    </message>
    <message>
        <source>These are the masks of a data set, not its images.</source>
        <translation>Dies sind die Masken eines Datensatzes, nicht seine Bilder.</translation>
    </message>
    <message>
        <source>Choose the data set's folder.</source>
        <translation>Wählen Sie den Ordner des Datensatzes.</translation>
    </message>
    <message>
        <source>{a} files cannot be read.</source>
        <translation>{a}-Dateien können nicht gelesen werden.</translation>
    </message>
    <message>
        <source>Convert it. {a}</source>
        <translation>Wandeln Sie sie um. {a}</translation>
    </message>
    <message>
        <source>It may be damaged; export it again.</source>
        <translation>Sie ist vielleicht beschädigt; exportieren Sie sie noch einmal.</translation>
    </message>
    <message>
        <source>This is a slicelab project, not a folder of images.</source>
        <translation>Dies ist ein slicelab-Projekt, kein Ordner mit Bildern.</translation>
    </message>
    <message>
        <source>There are more than {n} files here.</source>
        <translation>Hier sind mehr als {n} Dateien.</translation>
    </message>
    <message>
        <source>Choose less.</source>
        <translation>Wählen Sie weniger.</translation>
    </message>
    <message>
        <source>The mask that the data set names is not there.</source>
        <translation>Die Maske, die der Datensatz nennt, gibt es nicht.</translation>
    </message>
    <message>
        <source>Copy it again.</source>
        <translation>Kopieren Sie sie noch einmal.</translation>
    </message>
    <message>
        <source>This DICOM file holds no picture.</source>
        <translation>Diese DICOM-Datei enthält kein Bild.</translation>
    </message>
    <message>
        <source>Choose an image series.</source>
        <translation>Wählen Sie eine Bildserie.</translation>
    </message>
    <message>
        <source>There is no image in this folder.</source>
        <translation>In diesem Ordner ist kein Bild.</translation>
    </message>
    <message>
        <source>The file's header declares an impossible size ({a}).</source>
        <translation>Der Kopf der Datei nennt eine unmögliche Größe ({a}).</translation>
    </message>
    <message>
        <source>The file's header declares {a} voxels, more than can be read ({b} GB or {c} billion voxels).</source>
        <translation>Der Kopf der Datei nennt {a} Voxel, mehr als gelesen werden kann ({b} GB oder {c} Milliarden Voxel).</translation>
    </message>
    <message>
        <source>If that is what it really holds, crop or split it; otherwise the file is damaged.</source>
        <translation>Enthält sie das wirklich, schneiden oder teilen Sie sie; sonst ist die Datei beschädigt.</translation>
    </message>
    <message>
        <source>Use NIfTI, DICOM, NRRD or MHA.</source>
        <translation>Nehmen Sie NIfTI, DICOM, NRRD oder MHA.</translation>
    </message>
    <message>
        <source>This is not an image of a known kind.</source>
        <translation>Dies ist kein Bild einer bekannten Art.</translation>
    </message>
    <message>
        <source>The file needs more memory than there is for it.</source>
        <translation>Die Datei braucht mehr Speicher, als dafür da ist.</translation>
    </message>
    <message>
        <source>Crop or split it.</source>
        <translation>Schneiden oder teilen Sie sie.</translation>
    </message>
    <message>
        <source>The file's header is damaged.</source>
        <translation>Der Kopf der Datei ist beschädigt.</translation>
    </message>
    <message>
        <source>A volume needs three axes, this one has {a}.</source>
        <translation>Ein Bild braucht drei Achsen, dieses hat {a}.</translation>
    </message>
    <message>
        <source>Export a 3D volume.</source>
        <translation>Exportieren Sie ein 3D-Bild.</translation>
    </message>
    <message>
        <source>The file's voxels are of an unknown kind.</source>
        <translation>Die Voxel der Datei sind von unbekannter Art.</translation>
    </message>
    <message>
        <source>Each voxel has {a} values; one is needed.</source>
        <translation>Jedes Voxel hat {a} Werte; einer wird gebraucht.</translation>
    </message>
    <message>
        <source>Export one value a voxel.</source>
        <translation>Exportieren Sie einen Wert je Voxel.</translation>
    </message>
    <message>
        <source>The volume is spread over several files.</source>
        <translation>Das Bild ist auf mehrere Dateien verteilt.</translation>
    </message>
    <message>
        <source>The file does not say how it lies in the patient; left and right are assumed, please check.</source>
        <translation>Die Datei sagt nicht, wie sie im Patienten liegt; links und rechts sind angenommen, bitte prüfen.</translation>
    </message>
    <message>
        <source>The file's lengths are in {a}; they were turned into mm.</source>
        <translation>Die Längen der Datei sind in {a}; sie wurden in mm umgerechnet.</translation>
    </message>
    <message>
        <source>This is not a NIfTI file (an Analyze file does not say where left and right are).</source>
        <translation>Dies ist keine NIfTI-Datei (eine Analyze-Datei sagt nicht, wo links und rechts sind).</translation>
    </message>
    <message>
        <source>Export it as NIfTI.</source>
        <translation>Exportieren Sie sie als NIfTI.</translation>
    </message>
    <message>
        <source>The file gives two positions in space that differ by up to {figure} voxels; the sform was used.</source>
        <translation>Die Datei gibt zwei Positionen im Raum an, die sich um bis zu {figure} Voxel unterscheiden; die sform wurde genommen.</translation>
    </message>
    <message>
        <source>Copy or export the file again from where it came.</source>
        <translation>Kopieren oder exportieren Sie die Datei noch einmal von dort, woher sie kam.</translation>
    </message>
    <message>
        <source>The file is truncated: it ends before its last voxel.</source>
        <translation>Die Datei ist abgeschnitten: Sie endet vor ihrem letzten Voxel.</translation>
    </message>
    <message>
        <source>This is not a regular file.</source>
        <translation>Dies ist keine gewöhnliche Datei.</translation>
    </message>
    <message>
        <source>Choose an image file or a folder.</source>
        <translation>Wählen Sie eine Bilddatei oder einen Ordner.</translation>
    </message>
    <message>
        <source>The file holds far more than its header declares.</source>
        <translation>Die Datei enthält weit mehr, als ihr Kopf nennt.</translation>
    </message>
    <message>
        <source>The file is not there.</source>
        <translation>Die Datei gibt es nicht.</translation>
    </message>
    <message>
        <source>Check the path.</source>
        <translation>Prüfen Sie den Pfad.</translation>
    </message>
    <message>
        <source>The file's name cannot be used.</source>
        <translation>Der Name der Datei kann nicht verwendet werden.</translation>
    </message>
    <message>
        <source>Rename the file.</source>
        <translation>Benennen Sie die Datei um.</translation>
    </message>
    <message>
        <source>The file is damaged: its checksum does not fit.</source>
        <translation>Die Datei ist beschädigt: Ihre Prüfsumme passt nicht.</translation>
    </message>
    <message>
        <source>The file's voxels are not numbers.</source>
        <translation>Die Voxel der Datei sind keine Zahlen.</translation>
    </message>
    <message>
        <source>The file may be damaged; export it again.</source>
        <translation>Die Datei ist vielleicht beschädigt; exportieren Sie sie noch einmal.</translation>
    </message>
    <message>
        <source>The reader process cannot be started.</source>
        <translation>Der Leseprozess kann nicht gestartet werden.</translation>
    </message>
    <message>
        <source>Start slicelab again.</source>
        <translation>Starten Sie slicelab noch einmal.</translation>
    </message>
    <message>
        <source>The file brought the reader down; nothing else was harmed.</source>
        <translation>Die Datei brachte den Leser zu Fall; sonst wurde nichts beschädigt.</translation>
    </message>
    <message>
        <source>The file took too long to read and was given up.</source>
        <translation>Die Datei zu lesen dauerte zu lange und wurde aufgegeben.</translation>
    </message>
    <message>
        <source>The file took more memory to read than its size allows and was given up.</source>
        <translation>Die Datei brauchte mehr Speicher, als ihre Größe erlaubt, und wurde aufgegeben.</translation>
    </message>
    <message>
        <source>The volume could not be handed over; the disk for temporary files may be full.</source>
        <translation>Das Bild konnte nicht übergeben werden; der Platz für temporäre Dateien ist vielleicht voll.</translation>
    </message>
    <message>
        <source>Free some space.</source>
        <translation>Schaffen Sie Platz.</translation>
    </message>
    <message>
        <source>The file's header is damaged ({a}).</source>
        <translation>Der Kopf der Datei ist beschädigt ({a}).</translation>
    </message>
    <message>
        <source>Start the run again.</source>
        <translation>Beginnen Sie den Lauf noch einmal.</translation>
    </message>
    <message>
        <source>The case was deleted for good.</source>
        <translation>Der Fall wurde endgültig gelöscht.</translation>
    </message>
    <message>
        <source>Import its files again.</source>
        <translation>Fügen Sie seine Dateien noch einmal hinzu.</translation>
    </message>
    <message>
        <source>Only a case that was removed can be deleted.</source>
        <translation>Nur ein entfernter Fall kann gelöscht werden.</translation>
    </message>
    <message>
        <source>A case needs a name.</source>
        <translation>Ein Fall braucht einen Namen.</translation>
    </message>
    <message>
        <source>The project already has a case of this name.</source>
        <translation>Das Projekt hat schon einen Fall dieses Namens.</translation>
    </message>
    <message>
        <source>Give it another name.</source>
        <translation>Geben Sie ihm einen anderen Namen.</translation>
    </message>
    <message>
        <source>The volume to be added is no longer there.</source>
        <translation>Das Bild, das hinzugefügt werden soll, gibt es nicht mehr.</translation>
    </message>
    <message>
        <source>This folder is not a slicelab project.</source>
        <translation>Dieser Ordner ist kein slicelab-Projekt.</translation>
    </message>
    <message>
        <source>Choose the folder of a project; it holds a file named project.db.</source>
        <translation>Wählen Sie den Ordner eines Projekts; er enthält eine Datei namens project.db.</translation>
    </message>
    <message>
        <source>The project was written by an older slicelab and must be brought forward before it can be read.</source>
        <translation>Das Projekt wurde von einem älteren slicelab geschrieben und muss angepasst werden, bevor es gelesen werden kann.</translation>
    </message>
    <message>
        <source>Open it once for writing; a copy of the old database is kept beside it.</source>
        <translation>Öffnen Sie es einmal zum Schreiben; eine Kopie der alten Datenbank bleibt daneben liegen.</translation>
    </message>
    <message>
        <source>The project was not closed properly and has to be repaired before it can be read.</source>
        <translation>Das Projekt wurde nicht richtig geschlossen und muss repariert werden, bevor es gelesen werden kann.</translation>
    </message>
    <message>
        <source>Open it once for writing; the repair takes a moment and is automatic.</source>
        <translation>Öffnen Sie es einmal zum Schreiben; die Reparatur dauert einen Augenblick und geschieht von selbst.</translation>
    </message>
    <message>
        <source>The project's database could not be brought forward to this version.</source>
        <translation>Die Datenbank des Projekts konnte nicht an diese Version angepasst werden.</translation>
    </message>
    <message>
        <source>The project cannot be read.</source>
        <translation>Das Projekt kann nicht gelesen werden.</translation>
    </message>
    <message>
        <source>Check that the disk is there and the folder is yours.</source>
        <translation>Prüfen Sie, ob die Platte da ist und der Ordner Ihnen gehört.</translation>
    </message>
    <message>
        <source>The project was written by a newer slicelab that this version cannot read.</source>
        <translation>Das Projekt wurde von einem neueren slicelab geschrieben, das diese Version nicht lesen kann.</translation>
    </message>
    <message>
        <source>The database is unchanged.</source>
        <translation>Die Datenbank ist unverändert.</translation>
    </message>
    <message>
        <source>A file of this name is already there.</source>
        <translation>Eine Datei dieses Namens gibt es schon.</translation>
    </message>
    <message>
        <source>Choose another name for the project.</source>
        <translation>Wählen Sie einen anderen Namen für das Projekt.</translation>
    </message>
    <message>
        <source>This folder is not empty.</source>
        <translation>Dieser Ordner ist nicht leer.</translation>
    </message>
    <message>
        <source>Choose a new or an empty folder for the project.</source>
        <translation>Wählen Sie einen neuen oder leeren Ordner für das Projekt.</translation>
    </message>
    <message>
        <source>The project's folder could not be made.</source>
        <translation>Der Ordner des Projekts konnte nicht angelegt werden.</translation>
    </message>
    <message>
        <source>Choose a place that you may write to, on a disk with space.</source>
        <translation>Wählen Sie einen Ort, an den Sie schreiben dürfen, auf einer Platte mit Platz.</translation>
    </message>
    <message>
        <source>This name is too long for the disk.</source>
        <translation>Dieser Name ist für die Platte zu lang.</translation>
    </message>
    <message>
        <source>Choose a shorter one.</source>
        <translation>Wählen Sie einen kürzeren.</translation>
    </message>
    <message>
        <source>The project's folder cannot be written to.</source>
        <translation>Der Ordner des Projekts kann nicht beschrieben werden.</translation>
    </message>
    <message>
        <source>Another program is holding the project's database.</source>
        <translation>Ein anderes Programm hält die Datenbank des Projekts.</translation>
    </message>
    <message>
        <source>The project's folder cannot be reached.</source>
        <translation>Der Ordner des Projekts ist nicht erreichbar.</translation>
    </message>
    <message>
        <source>The disk reports an error.</source>
        <translation>Die Platte meldet einen Fehler.</translation>
    </message>
    <message>
        <source>The project's database is damaged.</source>
        <translation>Die Datenbank des Projekts ist beschädigt.</translation>
    </message>
    <message>
        <source>There is not enough memory to save.</source>
        <translation>Zum Speichern fehlt Arbeitsspeicher.</translation>
    </message>
    <message>
        <source>Restore project.db from a backup; volumes, runs and predictions beside it are untouched.</source>
        <translation>Holen Sie project.db aus einer Sicherung zurück; Bilder, Läufe und Vorhersagen daneben sind unberührt.</translation>
    </message>
    <message>
        <source>The file was left as it is.</source>
        <translation>Die Datei wurde gelassen, wie sie war.</translation>
    </message>
    <message>
        <source>Make sure the disk is there and has space, then try again.</source>
        <translation>Sorgen Sie dafür, dass die Platte da ist und Platz hat, und versuchen Sie es noch einmal.</translation>
    </message>
    <message>
        <source>The project already has a class {a}.</source>
        <translation>Das Projekt hat schon eine Klasse {a}.</translation>
    </message>
    <message>
        <source>The project has another class {a} now.</source>
        <translation>Das Projekt hat jetzt eine andere Klasse {a}.</translation>
    </message>
    <message>
        <source>Remove that one first.</source>
        <translation>Entfernen Sie zuerst diese.</translation>
    </message>
    <message>
        <source>A reader needs a name.</source>
        <translation>Ein Befunder braucht einen Namen.</translation>
    </message>
    <message>
        <source>The project already has a reader of this name.</source>
        <translation>Das Projekt hat schon einen Befunder dieses Namens.</translation>
    </message>
    <message>
        <source>on {a} (process {b})</source>
        <translation>auf {a} (Prozess {b})</translation>
    </message>
    <message>
        <source>Close it there, or open it for reading only; if that computer is switched off, delete project.lock.</source>
        <translation>Schließen Sie es dort, oder öffnen Sie es nur zum Lesen; ist jener Rechner aus, löschen Sie project.lock.</translation>
    </message>
    <message>
        <source>The project is open for writing by {a} {b}.</source>
        <translation>Das Projekt ist zum Schreiben geöffnet von {a} {b}.</translation>
    </message>
    <message>
        <source>Open it for reading only, or copy it to a place of your own.</source>
        <translation>Öffnen Sie es nur zum Lesen, oder kopieren Sie es an einen eigenen Ort.</translation>
    </message>
    <message>
        <source>The project is being opened by others at this moment.</source>
        <translation>Das Projekt wird gerade von anderen geöffnet.</translation>
    </message>
    <message>
        <source>on this computer (process {a})</source>
        <translation>auf diesem Rechner (Prozess {a})</translation>
    </message>
    <message>
        <source>Close it there, or open it for reading only.</source>
        <translation>Schließen Sie es dort, oder öffnen Sie es nur zum Lesen.</translation>
    </message>
    <message>
        <source>The project was written by a newer slicelab. It is open for reading only; update slicelab to change it.</source>
        <translation>Das Projekt wurde von einem neueren slicelab geschrieben. Es ist nur zum Lesen geöffnet; aktualisieren Sie slicelab, um es zu ändern.</translation>
    </message>
    <message>
        <source>Another project lies in this project's place.</source>
        <translation>Ein anderes Projekt liegt am Ort dieses Projekts.</translation>
    </message>
    <message>
        <source>Put the project's folder back.</source>
        <translation>Stellen Sie den Ordner des Projekts zurück.</translation>
    </message>
    <message>
        <source>Run {a} was deleted for good.</source>
        <translation>Lauf {a} wurde endgültig gelöscht.</translation>
    </message>
    <message>
        <source>The sequence was deleted for good.</source>
        <translation>Die Sequenz wurde endgültig gelöscht.</translation>
    </message>
    <message>
        <source>Import its file again.</source>
        <translation>Fügen Sie ihre Datei noch einmal hinzu.</translation>
    </message>
    <message>
        <source>Only a sequence that was removed can be deleted.</source>
        <translation>Nur eine entfernte Sequenz kann gelöscht werden.</translation>
    </message>
    <message>
        <source>A sequence needs a name.</source>
        <translation>Eine Sequenz braucht einen Namen.</translation>
    </message>
    <message>
        <source>The case already has a sequence of this name.</source>
        <translation>Der Fall hat schon eine Sequenz dieses Namens.</translation>
    </message>
    <message>
        <source>{n} changes</source>
        <translation>{n} Änderungen</translation>
    </message>
    <message>
        <source>{a} could not be saved: {b}</source>
        <translation>{a} konnten nicht gespeichert werden: {b}</translation>
    </message>
    <message>
        <source>Make sure the disk is there and has space.</source>
        <translation>Sorgen Sie dafür, dass die Platte da ist und Platz hat.</translation>
    </message>
    <message>
        <source>Saving goes on by itself as soon as the disk answers.</source>
        <translation>Das Speichern geht von selbst weiter, sobald die Platte antwortet.</translation>
    </message>
    <message>
        <source>Everything saved before is safe.</source>
        <translation>Alles zuvor Gespeicherte ist sicher.</translation>
    </message>
    <message>
        <source>The project is closed.</source>
        <translation>Das Projekt ist geschlossen.</translation>
    </message>
    <message>
        <source>Open it again.</source>
        <translation>Öffnen Sie es noch einmal.</translation>
    </message>
    <message>
        <source>The project's disk does not answer.</source>
        <translation>Die Platte des Projekts antwortet nicht.</translation>
    </message>
    <message>
        <source>{n} changes are kept in memory.</source>
        <translation>{n} Änderungen bleiben im Speicher.</translation>
    </message>
    <message>
        <source>A volume of this project cannot be read.</source>
        <translation>Ein Bild dieses Projekts kann nicht gelesen werden.</translation>
    </message>
    <message>
        <source>Import the case again.</source>
        <translation>Fügen Sie den Fall noch einmal hinzu.</translation>
    </message>
    <message>
        <source>Labels and other cases are untouched.</source>
        <translation>Masken und andere Fälle sind unberührt.</translation>
    </message>
    <message>
        <source>No unlabelled slices lie between two labelled ones with nothing painted between.</source>
        <translation>Zwischen zwei gezeichneten Schichten liegen keine ungezeichneten.</translation>
    </message>
    <message>
        <source>There is nothing to fill</source>
        <translation>Es gibt nichts zu füllen</translation>
    </message>
    <message>
        <source>{a} on this slice has no holes.</source>
        <translation>{a} hat auf dieser Schicht keine Löcher.</translation>
    </message>
    <message>
        <source>Import more volumes or leave out fewer, or finetune without --semi.</source>
        <translation>Fügen Sie mehr Bilder hinzu oder lassen Sie weniger aus, oder lernen Sie ohne --semi.</translation>
    </message>
    <message>
        <source>The voxels have the shape {a}, the grid {b}.</source>
        <translation>Die Voxel haben die Form {a}, das Gitter {b}.</translation>
    </message>
    <message>
        <source>There is no volume {a}: this holds {b}.</source>
        <translation>Es gibt kein Bild {a}: Dies enthält {b}.</translation>
    </message>
    <message>
        <source>The file is damaged.</source>
        <translation>Die Datei ist beschädigt.</translation>
    </message>
    <message>
        <source>Export it with 16-bit integers.</source>
        <translation>Exportieren Sie sie mit 16-Bit-Ganzzahlen.</translation>
    </message>
    <message>
        <source>Export it as one file (.mha).</source>
        <translation>Exportieren Sie sie als eine Datei (.mha).</translation>
    </message>
    <message>
        <source>Export it as one file (.nrrd).</source>
        <translation>Exportieren Sie sie als eine Datei (.nrrd).</translation>
    </message>
    <message>
        <source>The file skips lines before its voxels.</source>
        <translation>Die Datei überspringt Zeilen vor ihren Voxeln.</translation>
    </message>
    <message>
        <source>The file's voxels are packed in an unknown way.</source>
        <translation>Die Voxel der Datei sind auf unbekannte Art gepackt.</translation>
    </message>
    <message>
        <source>Export it with gzip or raw.</source>
        <translation>Exportieren Sie sie mit gzip oder unkomprimiert.</translation>
    </message>
    <message>
        <source>The header points to a data file outside its own folder, which is not followed.</source>
        <translation>Der Kopf verweist auf eine Datendatei außerhalb seines Ordners; dem wird nicht gefolgt.</translation>
    </message>
    <message>
        <source>Put the data file beside the header and name it there without a folder.</source>
        <translation>Legen Sie die Datendatei neben den Kopf und nennen Sie sie dort ohne Ordner.</translation>
    </message>
    <message>
        <source>The project has no case {a}.</source>
        <translation>Das Projekt hat keinen Fall {a}.</translation>
    </message>
    <message>
        <source>Report this; until then use the slicelab it was made with.</source>
        <translation>Melden Sie das; bis dahin nehmen Sie das slicelab, mit dem es gemacht wurde.</translation>
    </message>
    <message>
        <source>Update slicelab.</source>
        <translation>Aktualisieren Sie slicelab.</translation>
    </message>
    <message>
        <source>The project has no class with the value {a}.</source>
        <translation>Das Projekt hat keine Klasse mit dem Wert {a}.</translation>
    </message>
    <message>
        <source>No class with the value {a} was removed.</source>
        <translation>Keine Klasse mit dem Wert {a} wurde entfernt.</translation>
    </message>
    <message>
        <source>Give another name.</source>
        <translation>Geben Sie einen anderen Namen.</translation>
    </message>
    <message>
        <source>The project has no run {a}.</source>
        <translation>Das Projekt hat keinen Lauf {a}.</translation>
    </message>
    <message>
        <source>Only a run that was removed can be deleted.</source>
        <translation>Nur ein entfernter Lauf kann gelöscht werden.</translation>
    </message>
    <message>
        <source>The project has no sequence {a}.</source>
        <translation>Das Projekt hat keine Sequenz {a}.</translation>
    </message>
    <message>
        <source>The mask has the shape {a}, its grid {b}.</source>
        <translation>Die Maske hat die Form {a}, ihr Gitter {b}.</translation>
    </message>
    <message>
        <source>Volumes and masks are written as .nii or .nii.gz.</source>
        <translation>Bilder und Masken werden als .nii oder .nii.gz geschrieben.</translation>
    </message>
    <message>
        <source>Choose such a name.</source>
        <translation>Wählen Sie einen solchen Namen.</translation>
    </message>
    <message>
        <source>{a} is a file.</source>
        <translation>{a} ist eine Datei.</translation>
    </message>
    <message>
        <source>Open its lock in the list of classes, or draw over {a}.</source>
        <translation>Öffnen Sie ihr Schloss in der Liste der Klassen, oder übermalen Sie {a}.</translation>
    </message>
    <message>
        <source>everything</source>
        <translation>alles</translation>
    </message>
    <message>
        <source>A job is running in this project: {a} ({b}{c}). {d}</source>
        <translation>In diesem Projekt läuft ein Vorgang: {a} ({b}{c}). {d}</translation>
    </message>
    <message>
        <source>The label snapshot of this run is missing or damaged.</source>
        <translation>Die Masken dieses Laufs fehlen oder sind beschädigt.</translation>
    </message>
    <message>
        <source>The slice pool could not be written.</source>
        <translation>Die vorbereiteten Schichten konnten nicht geschrieben werden.</translation>
    </message>
    <message>
        <source>Free some disk space, or check that the project's folder can be written to.</source>
        <translation>Schaffen Sie Platz, oder prüfen Sie, ob der Ordner des Projekts beschrieben werden kann.</translation>
    </message>
    <message>
        <source>Label it, or leave it out.</source>
        <translation>Zeichnen Sie ihn, oder lassen Sie ihn aus.</translation>
    </message>
    <message>
        <source>The project holds no case: there is nothing to report.</source>
        <translation>Das Projekt enthält keinen Fall: Es gibt nichts zu berichten.</translation>
    </message>
    <message>
        <source>Add images first.</source>
        <translation>Fügen Sie zuerst Bilder hinzu.</translation>
    </message>
    <message>
        <source>The figures do not vary, so that there is no interval.</source>
        <translation>Die Zahlen schwanken nicht, deshalb gibt es kein Intervall.</translation>
    </message>
    <message>
        <source>Make the map of slices</source>
        <translation>Landkarte der Schichten erstellen</translation>
    </message>
    <message>
        <source>The latest network looks at every slice, so that alike ones lie together (embedding).</source>
        <translation>Das neueste Netz sieht jede Schicht an, damit ähnliche beieinander liegen (Einbettung).</translation>
    </message>
    <message>
        <source>Make the map</source>
        <translation>Landkarte erstellen</translation>
    </message>
    <message>
        <source>A look inside</source>
        <translation>Ein Blick hinein</translation>
    </message>
    <message>
        <source>Drawn from what the running job computes with in this very step, not made up for showing</source>
        <translation>Gezeichnet aus dem, womit der Vorgang in eben diesem Schritt rechnet, nicht für die Anzeige erfunden</translation>
    </message>
    <message>
        <source>{case}, slice {slice} · after step {step}</source>
        <translation>{case}, Schicht {slice} · nach Schritt {step}</translation>
    </message>
    <message>
        <source>As it is</source>
        <translation>Wie sie ist</translation>
    </message>
    <message>
        <source>The slice itself, evened out in brightness and size (original)</source>
        <translation>Die Schicht selbst, in Helligkeit und Größe angeglichen (Original)</translation>
    </message>
    <message>
        <source>What the network was given</source>
        <translation>Was das Netz bekam</translation>
    </message>
    <message>
        <source>Hidden pixels hold noise instead (corrupted, or masked, input)</source>
        <translation>Statt verdeckter Bildpunkte steht Rauschen (verfälschte oder maskierte Eingabe)</translation>
    </message>
    <message>
        <source>What it makes of it</source>
        <translation>Was es daraus macht</translation>
    </message>
    <message>
        <source>The network's own drawing of the whole slice (reconstruction)</source>
        <translation>Was das Netz selbst für die ganze Schicht zeichnet (Rekonstruktion)</translation>
    </message>
    <message>
        <source>Seen one way</source>
        <translation>So gesehen</translation>
    </message>
    <message>
        <source>A random part of it in other brightness and contrast (first view, augmentation)</source>
        <translation>Ein zufälliger Ausschnitt in anderer Helligkeit und anderem Kontrast (erste Ansicht, Augmentierung)</translation>
    </message>
    <message>
        <source>Seen another way</source>
        <translation>Anders gesehen</translation>
    </message>
    <message>
        <source>Another random part, drawn independently (second view of a positive pair)</source>
        <translation>Ein anderer, unabhängig gewählter Ausschnitt (zweite Ansicht eines positiven Paars)</translation>
    </message>
    <message>
        <source>It learns to draw the hidden pixels as they were; the rest it may leave alone.</source>
        <translation>Es lernt, die verdeckten Bildpunkte zu zeichnen, wie sie waren; der Rest ist ihm freigestellt.</translation>
    </message>
    <message>
        <source>It learns to draw the hidden patches from what is around them.</source>
        <translation>Es lernt, die verdeckten Stücke aus ihrer Umgebung zu zeichnen.</translation>
    </message>
    <message>
        <source>It learns that both are the same slice, and that other slices are not.</source>
        <translation>Es lernt, dass beides dieselbe Schicht ist und andere Schichten nicht.</translation>
    </message>
    <message>
        <source>It learns which places of both are the same.</source>
        <translation>Es lernt, welche Stellen in beiden dieselben sind.</translation>
    </message>
    <message>
        <source>Map of the slices</source>
        <translation>Landkarte der Schichten</translation>
    </message>
    <message>
        <source>Features of the network's bottleneck, projected onto two principal components (embedding, PCA)</source>
        <translation>Merkmale aus dem Engpass des Netzes, auf zwei Hauptkomponenten projiziert (Einbettung, PCA)</translation>
    </message>
    <message>
        <source>By position</source>
        <translation>Nach Lage</translation>
    </message>
    <message>
        <source>From the first slice of each stack to the last</source>
        <translation>Von der ersten Schicht jedes Stapels bis zur letzten</translation>
    </message>
    <message>
        <source>By patient</source>
        <translation>Nach Patient</translation>
    </message>
    <message>
        <source>One colour (and shape) for each patient</source>
        <translation>Eine Farbe (und Form) für jeden Patienten</translation>
    </message>
    <message>
        <source>Each dot is a slice; dots that lie together look alike to the network. Click one to open it.</source>
        <translation>Jeder Punkt ist eine Schicht; was beieinander liegt, sieht für das Netz ähnlich aus. Ein Klick öffnet sie.</translation>
    </message>
    <message>
        <source>Once it has learned from all volumes, the network can put the slices on a map: alike ones lie together. It also says which cases to label first.</source>
        <translation>Hat das Netz aus allen Bildern gelernt, kann es die Schichten auf eine Landkarte legen: Ähnliche liegen beieinander. Sie sagt auch, welche Fälle zuerst zu zeichnen sind.</translation>
    </message>
    <message>
        <source>The network looks at every slice: {share} %</source>
        <translation>Das Netz sieht jede Schicht an: {share} %</translation>
    </message>
    <message>
        <source>Make it by itself after each pretraining</source>
        <translation>Nach jedem Vorlernen von selbst erstellen</translation>
    </message>
    <message>
        <source>Takes seconds; a training that you start meanwhile goes first</source>
        <translation>Dauert Sekunden; ein Lernen, das Sie unterdessen beginnen, geht vor</translation>
    </message>
    <message>
        <source>first slice</source>
        <translation>erste Schicht</translation>
    </message>
    <message>
        <source>last slice</source>
        <translation>letzte Schicht</translation>
    </message>
    <message>
        <source>{case}, slice {slice}</source>
        <translation>{case}, Schicht {slice}</translation>
    </message>
    <message>
        <source>What to label first</source>
        <translation>Was zuerst zu zeichnen ist</translation>
    </message>
    <message>
        <source>The few cases to which all others are nearest on the map (covering choice, k-medoids)</source>
        <translation>Die wenigen Fälle, denen alle anderen am nächsten sind (abdeckende Auswahl, k-Medoide)</translation>
    </message>
    <message>
        <source>Numbered as on the map. A few slices of each cover more than many of one.</source>
        <translation>Nummern wie auf der Landkarte. Wenige Schichten von jedem decken mehr ab als viele von einem.</translation>
    </message>
    <message>
        <source>Opens the case at the slice that stands for most of the others</source>
        <translation>Öffnet den Fall bei der Schicht, die für die meisten anderen steht</translation>
    </message>
    <message>
        <source>Unusual: no other case is like it</source>
        <translation>Ungewöhnlich: kein anderer Fall ist ihm ähnlich</translation>
    </message>
    <message>
        <source>Stands for {count} of {of} cases</source>
        <translation>Steht für {count} von {of} Fällen</translation>
    </message>
    <message>
        <source>Stands for itself alone</source>
        <translation>Steht nur für sich</translation>
    </message>
    <message>
        <source> · begin with slice {slice}</source>
        <translation> · mit Schicht {slice} beginnen</translation>
    </message>
    <message>
        <source>What to label next</source>
        <translation>Was als Nächstes zu zeichnen ist</translation>
    </message>
    <message>
        <source>From what is labelled, how sure the models are, and what slices look like (active learning)</source>
        <translation>Aus dem Gezeichneten, der Sicherheit der Modelle und dem Aussehen der Schichten (aktives Lernen)</translation>
    </message>
    <message>
        <source>Evenly spaced</source>
        <translation>Gleichmäßig verteilt</translation>
    </message>
    <message>
        <source>Slices at equal distances through the whole stack</source>
        <translation>Schichten in gleichen Abständen durch den ganzen Stapel</translation>
    </message>
    <message>
        <source>Slice {slice}, evenly spaced</source>
        <translation>Schicht {slice}, gleichmäßig verteilt</translation>
    </message>
    <message>
        <source>Goes to slice {slice}</source>
        <translation>Geht zu Schicht {slice}</translation>
    </message>
    <message>
        <source>Slice {slice}</source>
        <translation>Schicht {slice}</translation>
    </message>
    <message>
        <source>the model is least sure here: {times} times as unsure as on a middling slice of the case</source>
        <translation>das Modell ist hier am unsichersten: {times}-mal so unsicher wie auf einer mittleren Schicht des Falls</translation>
    </message>
    <message>
        <source>the last two models disagree most here: their masks overlap with Dice {dice}</source>
        <translation>die letzten beiden Modelle sind hier am wenigsten einig: ihre Masken überlappen mit Dice {dice}</translation>
    </message>
    <message>
        <source>looks most like {count} of the {of} slices of this case without a label</source>
        <translation>ähnelt am meisten {count} der {of} ungezeichneten Schichten dieses Falls</translation>
    </message>
    <message>
        <source>the middle of the largest part without a label, {mm} mm from the nearest labelled slice</source>
        <translation>die Mitte des größten ungezeichneten Teils, {mm} mm von der nächsten gezeichneten Schicht</translation>
    </message>
    <message>
        <source>looks most like the others of this case, where nothing is labelled yet</source>
        <translation>ähnelt den anderen dieses Falls am meisten, in dem noch nichts gezeichnet ist</translation>
    </message>
    <message>
        <source>the middle of the case, where nothing is labelled yet</source>
        <translation>die Mitte des Falls, in dem noch nichts gezeichnet ist</translation>
    </message>
    <message>
        <source>Slices are counted from the inferior, posterior or left end</source>
        <translation>Schichten werden vom unteren, hinteren oder linken Ende gezählt</translation>
    </message>
    <message>
        <source>The mask has one value, and nothing in the file says what it means. Every slice becomes done for the class you choose; the labels of the others stay, but where the mask lies over them.</source>
        <translation>Die Maske hat einen einzigen Wert, und nichts in der Datei sagt, was er bedeutet. Jede Schicht wird fertig für die Klasse, die Sie wählen; die Masken der anderen bleiben, außer wo diese über ihnen liegt.</translation>
    </message>
    <message>
        <source>begin with slice {slice}</source>
        <translation>mit Schicht {slice} beginnen</translation>
    </message>
    <message>
        <source>Add more images or leave out fewer, or learn from labelled slices alone.</source>
        <translation>Fügen Sie mehr Bilder hinzu oder lassen Sie weniger aus, oder lernen Sie nur aus gezeichneten Schichten.</translation>
    </message>
    <message>
        <source>{a} reads like several classes.</source>
        <translation>{a} liest sich wie mehrere Klassen.</translation>
    </message>
    <message>
        <source>Separate them with commas: "liver,spleen".</source>
        <translation>Trennen Sie sie durch Kommas: „Leber,Milz“.</translation>
    </message>
    <message>
        <source>Slices are done for {a}; cross-validation needs {n}: each patient is measured by a training on the others.</source>
        <translation>Fertige Schichten gibt es von {a}; die Kreuzvalidierung braucht {n}: Jeder Patient wird von einem Lernen aus den anderen gemessen.</translation>
    </message>
    <message>
        <source>Mark a few slices done in cases of {n} patients.</source>
        <translation>Melden Sie einige Schichten in Fällen von {n} Patienten fertig.</translation>
    </message>
    <message>
        <source>no patient</source>
        <translation>keinem Patienten</translation>
    </message>
    <message>
        <source>one patient</source>
        <translation>einem Patienten</translation>
    </message>
    <message>
        <source>{n} patients</source>
        <translation>{n} Patienten</translation>
    </message>
    <message>
        <source>Choose 2 to {n}.</source>
        <translation>Wählen Sie 2 bis {n}.</translation>
    </message>
    <message>
        <source>There is no pretraining to compare with.</source>
        <translation>Es gibt kein Vorlernen zum Vergleichen.</translation>
    </message>
    <message>
        <source>Learn from all volumes first (Pretrain).</source>
        <translation>Lernen Sie zuerst aus allen Bildern (Vorlernen).</translation>
    </message>
    <message>
        <source>The network of {a} has not looked at the slices yet.</source>
        <translation>Das Netz von {a} hat die Schichten noch nicht angesehen.</translation>
    </message>
    <message>
        <source>Let it make the map of slices first (the button in Pretrain).</source>
        <translation>Lassen Sie es zuerst die Landkarte der Schichten erstellen (Knopf unter Vorlernen).</translation>
    </message>
    <message>
        <source>Its mask has one value, and was taken for {a}; of other classes it says nothing.</source>
        <translation>Seine Maske hat einen Wert und wurde als {a} genommen; von anderen Klassen sagt sie nichts.</translation>
    </message>
    <message>
        <source>The mask has several values ({a}): it cannot be of {b} alone.</source>
        <translation>Die Maske hat mehrere Werte ({a}): Sie kann nicht von {b} allein sein.</translation>
    </message>
    <message>
        <source>Leave the class out: then each value is the class of that value.</source>
        <translation>Lassen Sie die Klasse weg: Dann ist jeder Wert die Klasse dieses Werts.</translation>
    </message>
    <message>
        <source>The patient of {a} would be trained on and validated on.</source>
        <translation>Aus dem Patienten von {a} würde gelernt, und an ihm würde validiert.</translation>
    </message>
    <message>
        <source>Choose other cases.</source>
        <translation>Wählen Sie andere Fälle.</translation>
    </message>
    <message>
        <source>The patient of {a} is excluded, and would be learnt from.</source>
        <translation>Der Patient von {a} ist ausgeschlossen, und aus ihm würde gelernt.</translation>
    </message>
    <message>
        <source>Learns from {n} slices in {n2} cases</source>
        <translation>Lernt aus {n} Schichten in {n2} Fällen</translation>
    </message>
    <message>
        <source>Learns from {n} slices you marked done, in {n2} cases</source>
        <translation>Lernt aus {n} Schichten, die Sie fertig gemeldet haben, in {n2} Fällen</translation>
    </message>
    <message>
        <source>Learns from {n} slice you marked done, in {n2} case</source>
        <translation>Lernt aus {n} Schicht, die Sie fertig gemeldet haben, in {n2} Fall</translation>
    </message>
    <message>
        <source>{job} is still running</source>
        <translation>{job} läuft noch</translation>
    </message>
    <message>
        <source>{job} is starting</source>
        <translation>{job} wird gestartet</translation>
    </message>
    <message>
        <source>The job</source>
        <translation>Der Lernvorgang</translation>
    </message>
    <message>
        <source>Making the map of slices</source>
        <translation>Die Karte der Schichten</translation>
    </message>
    <message>
        <source>Comparing with no pretraining</source>
        <translation>Vergleich ohne Vorlernen</translation>
    </message>
    <message>
        <source>Measuring cross-validated Dice</source>
        <translation>Messung des kreuzvalidierten Dice</translation>
    </message>
    <message>
        <source>Learns from the volumes in a moment</source>
        <translation>Lernt gleich aus den Volumen</translation>
    </message>
    <message>
        <source>Learns from your slices in a moment</source>
        <translation>Lernt gleich aus Ihren Schichten</translation>
    </message>
    <message>
        <source>The masks of the cases come next</source>
        <translation>Als Nächstes kommen die Masken der Fälle</translation>
    </message>
    <message>
        <source>Looks at every slice in a moment</source>
        <translation>Sieht sich gleich jede Schicht an</translation>
    </message>
    <message>
        <source>Pausing …</source>
        <translation>Hält gleich an …</translation>
    </message>
    <message>
        <source>Stopping …</source>
        <translation>Wird gestoppt …</translation>
    </message>
    <message>
        <source>Paused</source>
        <translation>Angehalten</translation>
    </message>
    <message>
        <source>paused</source>
        <translation>angehalten</translation>
    </message>
    <message>
        <source>Case {number} of {count}</source>
        <translation>Fall {number} von {count}</translation>
    </message>
    <message>
        <source>Prediction of {name}</source>
        <translation>Vorhersage von {name}</translation>
    </message>
    <message>
        <source>Prediction of {name} (the next model still learns)</source>
        <translation>Vorhersage von {name} (das nächste Modell lernt noch)</translation>
    </message>
    <message>
        <source>Prediction of {name} ({new} has not predicted this case yet)</source>
        <translation>Vorhersage von {name} ({new} hat diesen Fall noch nicht vorhergesagt)</translation>
    </message>
    <message>
        <source>Leave out for testing …</source>
        <translation>Zum Testen auslassen …</translation>
    </message>
    <message>
        <source>Cases that no training learns from, with or without labels, so that Dice on them says what a model is worth on patients it never met</source>
        <translation>Fälle, aus denen kein Training lernt, weder mit noch ohne Masken: So sagt der Dice-Wert auf ihnen, was ein Modell bei Patienten taugt, denen es nie begegnet ist</translation>
    </message>
    <message>
        <source>Cases left out for testing</source>
        <translation>Zum Testen ausgelassene Fälle</translation>
    </message>
    <message>
        <source>Cases of one patient are left out together.</source>
        <translation>Fälle eines Patienten werden zusammen ausgelassen.</translation>
    </message>
    <message>
        <source>1 case is left out for testing.</source>
        <translation>1 Fall ist zum Testen ausgelassen.</translation>
    </message>
    <message>
        <source>{count} cases are left out for testing.</source>
        <translation>{count} Fälle sind zum Testen ausgelassen.</translation>
    </message>
    <message>
        <source>Every other volume is used, labelled or not; no labels needed.</source>
        <translation>Jedes andere Volumen wird benutzt, mit oder ohne Maske; Masken sind nicht nötig.</translation>
    </message>
    <message>
        <source>Model {n}, {when}</source>
        <translation>Modell {n}, {when}</translation>
    </message>
    <message>
        <source>Training without a model, {when}</source>
        <translation>Training ohne Modell, {when}</translation>
    </message>
    <message>
        <source>Predictions are still being made.</source>
        <translation>Die Vorhersagen werden noch gemacht.</translation>
    </message>
    <message>
        <source>They are measured by themselves once all are there.</source>
        <translation>Sie werden von selbst gemessen, sobald alle da sind.</translation>
    </message>
    <message>
        <source>Are these masks?</source>
        <translation>Sind das Masken?</translation>
    </message>
    <message>
        <source>Is this a mask?</source>
        <translation>Ist das eine Maske?</translation>
    </message>
    <message>
        <source>and {count} more</source>
        <translation>und {count} weitere</translation>
    </message>
    <message>
        <source>Where several cases lie on the same voxels, drop the mask on the case it belongs to.</source>
        <translation>Wo mehrere Fälle auf denselben Voxeln liegen, ziehen Sie die Maske auf den Fall, zu dem sie gehört.</translation>
    </message>
    <message>
        <source>Take as masks</source>
        <translation>Als Masken übernehmen</translation>
    </message>
    <message>
        <source>Add as new cases</source>
        <translation>Als neue Fälle hinzufügen</translation>
    </message>
    <message>
        <source>Not added: {names}</source>
        <translation>Nicht hinzugefügt: {names}</translation>
    </message>
    <message>
        <source>The Data tab says why.</source>
        <translation>Warum, steht unter Daten.</translation>
    </message>
    <message>
        <source>Show in Data</source>
        <translation>In Daten zeigen</translation>
    </message>
    <message>
        <source>One undo in {case} takes it back: open it first.</source>
        <translation>Einmal Rückgängig in {case} nimmt es zurück: Öffnen Sie den Fall zuerst.</translation>
    </message>
    <message>
        <source>Open {case}</source>
        <translation>{case} öffnen</translation>
    </message>
    <message>
        <source>{file} was not taken as a mask of {case}.</source>
        <translation>{file} wurde nicht als Maske von {case} übernommen.</translation>
    </message>
    <message>
        <source>Not made cases, since they look like masks: {names}.</source>
        <translation>Keine Fälle geworden, weil sie wie Masken aussehen: {names}.</translation>
    </message>
    <message>
        <source>Overlay</source>
        <translation>Überlagert</translation>
    </message>
    <message>
        <source>Your masks, and the model's dashed over them</source>
        <translation>Ihre Masken, und die des Modells gestrichelt darüber</translation>
    </message>
    <message>
        <source>The darkest 1 % of the volume's voxels are black, the brightest 1 % white (1st to 99th percentile)</source>
        <translation>Das dunkelste 1 % der Voxel ist schwarz, das hellste 1 % weiß (1. bis 99. Perzentil)</translation>
    </message>
    <message>
        <source>As 1–99 %, but half a percent each: bright spots keep their detail (0.5th to 99.5th percentile)</source>
        <translation>Wie 1–99 %, aber je ein halbes Prozent: helle Stellen behalten ihre Zeichnung (0,5. bis 99,5. Perzentil)</translation>
    </message>
    <message>
        <source>What the image's file says (DICOM window centre and width, NIfTI cal_min and cal_max)</source>
        <translation>Was in der Datei des Bildes steht (DICOM: Window Center und Width, NIfTI: cal_min und cal_max)</translation>
    </message>
    <message>
        <source>What you last set for this image by right drag</source>
        <translation>Was Sie für dieses Bild zuletzt mit der rechten Maustaste eingestellt haben</translation>
    </message>
    <message>
        <source>What the bar has no room for</source>
        <translation>Wofür in der Leiste kein Platz ist</translation>
    </message>
    <message>
        <source>Opening {name} …</source>
        <translation>{name} wird geöffnet …</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>Öffnen</translation>
    </message>
    <message>
        <source>The model's masks</source>
        <translation>Masken des Modells</translation>
    </message>
    <message>
        <source>95th percentile of the Hausdorff distance (HD95), mm: how far off at its worst</source>
        <translation>95. Perzentil der Hausdorff-Distanz (HD95), mm: wie weit der Umriss im schlimmsten Fall abweicht</translation>
    </message>
    <message>
        <source>Average symmetric surface distance (ASSD), mm: how far off on average</source>
        <translation>Mittlere symmetrische Oberflächendistanz (ASSD), mm: wie weit der Umriss im Mittel abweicht</translation>
    </message>
    <message>
        <source>{a}, slice {n}: Dice {n2}</source>
        <translation>{a}, Schicht {n}: Dice {n2}</translation>
    </message>
    <message>
        <source>Model, {when}</source>
        <translation>Modell, {when}</translation>
    </message>
    <message>
        <source>Pretraining {n}, {when}</source>
        <translation>Vorlernen {n}, {when}</translation>
    </message>
    <message>
        <source>Pretraining, {when}</source>
        <translation>Vorlernen, {when}</translation>
    </message>
    <message>
        <source>Pretraining without a result, {when}</source>
        <translation>Vorlernen ohne Ergebnis, {when}</translation>
    </message>
    <message>
        <source>Comparison, {when}</source>
        <translation>Vergleich, {when}</translation>
    </message>
    <message>
        <source>Cross-validation, {when}</source>
        <translation>Kreuzvalidierung, {when}</translation>
    </message>
    <message>
        <source>Training without a model</source>
        <translation>Training ohne Modell</translation>
    </message>
    <message>
        <source>Pretraining without a result</source>
        <translation>Vorlernen ohne Ergebnis</translation>
    </message>
    <message>
        <source>{a} besides those left out for testing</source>
        <translation>{a} außer den zum Testen ausgelassenen</translation>
    </message>
    <message>
        <source>Mark a few slices done in cases of {n} patients, or leave fewer out.</source>
        <translation>Melden Sie einige Schichten in Fällen von {n} Patienten fertig, oder lassen Sie weniger aus.</translation>
    </message>
    <message>
        <source>1 case is left out for testing, and in no fold.</source>
        <translation>1 Fall ist zum Testen ausgelassen und in keiner Teilung.</translation>
    </message>
    <message>
        <source>{count} cases are left out for testing, and in no fold.</source>
        <translation>{count} Fälle sind zum Testen ausgelassen und in keiner Teilung.</translation>
    </message>
    <message>
        <source>With pixels of {n} mm, a slice of case {a} would have {n2} x {n3} pixels, which is too many.</source>
        <translation>Mit Pixeln von {n} mm hätte eine Schicht von Fall {a} {n2} x {n3} Pixel, was zu viele sind.</translation>
    </message>
    <message>
        <source>Leave the case out, or train with a larger pixel size.</source>
        <translation>Lassen Sie den Fall aus, oder lernen Sie mit größeren Pixeln.</translation>
    </message>
    <message>
        <source>stopped before it began</source>
        <translation>angehalten, bevor er begann</translation>
    </message>
    <message>
        <source>ended by the user before it could save</source>
        <translation>vom Benutzer beendet, bevor er speichern konnte</translation>
    </message>
    <message>
        <source>given up: it runs, if at all, where it cannot be ended from here</source>
        <translation>aufgegeben: Er läuft, wenn überhaupt, wo er von hier aus nicht beendet werden kann</translation>
    </message>
    <message>
        <source>it belongs to another job</source>
        <translation>er gehört zu einem anderen Vorgang</translation>
    </message>
    <message>
        <source>it is damaged</source>
        <translation>er ist beschädigt</translation>
    </message>
    <message>
        <source>it is not a file of a possible size</source>
        <translation>er ist keine Datei von möglicher Größe</translation>
    </message>
    <message>
        <source>its description is far too large</source>
        <translation>seine Beschreibung ist viel zu groß</translation>
    </message>
    <message>
        <source>it is larger than a checkpoint of this job can be</source>
        <translation>er ist größer, als er bei diesem Vorgang sein kann</translation>
    </message>
    <message>
        <source>it holds tensors of an unknown type</source>
        <translation>er enthält Zahlen unbekannter Art</translation>
    </message>
    <message>
        <source>its names contradict each other</source>
        <translation>seine Namen widersprechen einander</translation>
    </message>
    <message>
        <source>A fold of this cross-validation has no case.</source>
        <translation>Eine Teilung dieser Kreuzvalidierung hat keinen Fall.</translation>
    </message>
    <message>
        <source>On Apple GPUs slicelab computes in float32 alone.</source>
        <translation>Auf Apple-Grafikkarten rechnet slicelab nur in float32.</translation>
    </message>
    <message>
        <source>Leave the number format to slicelab.</source>
        <translation>Überlassen Sie das Zahlenformat slicelab.</translation>
    </message>
    <message>
        <source>These settings choose the learning rate by validation cases.</source>
        <translation>Diese Einstellungen wählen die Lernrate mit Validierungsfällen.</translation>
    </message>
    <message>
        <source>Choose validation cases.</source>
        <translation>Wählen Sie Validierungsfälle.</translation>
    </message>
    <message>
        <source>The job starts from the beginning: its checkpoint cannot be used, because {why}.</source>
        <translation>Der Vorgang beginnt von vorn: Sein gespeicherter Stand ist nicht zu gebrauchen, denn {why}.</translation>
    </message>
    <message>
        <source>The volumes of {cases} have changed on the disk since this run began. It goes on; what it learns from them may not be what it began with.</source>
        <translation>Die Bilder von {cases} haben sich auf der Festplatte geändert, seit dieser Lauf begann. Er geht weiter; was er aus ihnen lernt, ist vielleicht nicht mehr, womit er begann.</translation>
    </message>
    <message>
        <source>The job cannot go on from step {n}: its checkpoint cannot be used, because {why}.</source>
        <translation>Der Vorgang kann nicht von Schritt {n} an weitergehen: Sein gespeicherter Stand ist nicht zu gebrauchen, denn {why}.</translation>
    </message>
    <message>
        <source>The training goes on, but could not be saved to be continued later. {message} {remedy}</source>
        <translation>Das Lernen geht weiter, konnte aber nicht gespeichert werden, um später fortgesetzt zu werden. {message} {remedy}</translation>
    </message>
    <message>
        <source>The training goes on, but could not be saved to be continued later.</source>
        <translation>Das Lernen geht weiter, konnte aber nicht gespeichert werden, um später fortgesetzt zu werden.</translation>
    </message>
    <message>
        <source>{n} processes were started, and this machine has {n2} GPU{s}.</source>
        <translation>{n} Prozesse wurden gestartet, und dieser Rechner hat {n2} GPU{s}.</translation>
    </message>
    <message>
        <source>Several processes cannot share an Apple GPU.</source>
        <translation>Mehrere Prozesse können sich keine Apple-Grafikkarte teilen.</translation>
    </message>
    <message>
        <source>The processes do not see the same state of run {run}.</source>
        <translation>Die Prozesse sehen nicht denselben Stand von Lauf {run}.</translation>
    </message>
    <message>
        <source>Check that all machines reach the project on the same drive, and start the job again.</source>
        <translation>Prüfen Sie, ob alle Rechner das Projekt auf demselben Laufwerk erreichen, und starten Sie den Vorgang noch einmal.</translation>
    </message>
    <message>
        <source>The processes of the job did not find each other.</source>
        <translation>Die Prozesse des Vorgangs fanden einander nicht.</translation>
    </message>
    <message>
        <source>Check that all machines can reach the first one, and that the port is free.</source>
        <translation>Prüfen Sie, ob alle Rechner den ersten erreichen und der Port frei ist.</translation>
    </message>
    <message>
        <source>Choose a finetuned run.</source>
        <translation>Wählen Sie einen Lauf, der aus Masken gelernt hat.</translation>
    </message>
    <message>
        <source>Only a pretraining can be shared by several processes.</source>
        <translation>Nur ein Vorlernen können sich mehrere Prozesse teilen.</translation>
    </message>
    <message>
        <source>Start this job without torchrun.</source>
        <translation>Starten Sie diesen Vorgang ohne torchrun.</translation>
    </message>
    <message>
        <source>The first process computes on {device}, and this machine cannot do the same.</source>
        <translation>Der erste Prozess rechnet auf {device}, und dieser Rechner kann das nicht.</translation>
    </message>
    <message>
        <source>This training learns from images, without labels, of {n} of {n2} patients with labels that it leaves for testing. Their Dice may be better than that of new patients. For a figure that holds for new patients, leave their cases out.</source>
        <translation>Dieses Lernen nimmt Bilder, ohne Masken, von {n} von {n2} gezeichneten Patienten hinzu, die es zum Testen übrig lässt. Ihr Dice kann besser sein als der neuer Patienten. Lassen Sie ihre Fälle aus, damit die Zahl für neue Patienten gilt.</translation>
    </message>
    <message>
        <source>The pretraining saw images, without labels, of {n} of {n2} patients with labels that this training leaves for testing. Their Dice may be better than that of new patients. For a figure that holds for new patients, pretrain with them left out.</source>
        <translation>Das Vorlernen sah Bilder, ohne Masken, von {n} von {n2} gezeichneten Patienten, die dieses Lernen zum Testen übrig lässt. Ihr Dice kann besser sein als der neuer Patienten. Lernen Sie ohne sie vor, damit die Zahl für neue Patienten gilt.</translation>
    </message>
    <message>
        <source>The pretraining saw images, without labels, of {n} of {n2} validation patients. Their Dice may be better than that of new patients. For a figure that holds for new patients, pretrain with the validation cases left out.</source>
        <translation>Das Vorlernen sah Bilder, ohne Masken, von {n} von {n2} Validierungspatienten. Ihr Dice kann besser sein als der neuer Patienten. Lernen Sie ohne die Validierungsfälle vor, damit die Zahl für neue Patienten gilt.</translation>
    </message>
    <message>
        <source>Another process of the job ended unexpectedly.</source>
        <translation>Ein anderer Prozess des Vorgangs endete unerwartet.</translation>
    </message>
    <message>
        <source>Its log (log.1.txt and so on) says why.</source>
        <translation>Sein Protokoll (log.1.txt und so weiter) sagt, warum.</translation>
    </message>
    <message>
        <source>Several processes cannot meet safely: this computer has no loopback network.</source>
        <translation>Mehrere Prozesse können sich nicht sicher treffen: Dieser Rechner hat kein Loopback-Netz.</translation>
    </message>
    <message>
        <source>Use one process.</source>
        <translation>Nehmen Sie einen Prozess.</translation>
    </message>
    <message>
        <source>Its logs (log.1.txt and so on) say why.</source>
        <translation>Seine Protokolle (log.1.txt und so weiter) sagen, warum.</translation>
    </message>
    <message>
        <source>The training stopped at step {n}: its loss was not a number, or far too high, for the third time, although the learning rate was lowered each time.</source>
        <translation>Das Lernen hielt bei Schritt {n} an: Sein Verlust war zum dritten Mal keine Zahl oder viel zu hoch, obwohl die Lernrate jedes Mal gesenkt wurde.</translation>
    </message>
    <message>
        <source>What it had learnt by step {n} is kept.</source>
        <translation>Was bis Schritt {n} gelernt wurde, bleibt.</translation>
    </message>
    <message>
        <source>Look for damaged images among the cases, leave them out and start a new run.</source>
        <translation>Suchen Sie nach beschädigten Bildern unter den Fällen, lassen Sie sie aus und beginnen Sie einen neuen Lauf.</translation>
    </message>
    <message>
        <source>Look for damaged images among the cases, leave them out and start a new run, or let this one go on at the lower rate.</source>
        <translation>Suchen Sie nach beschädigten Bildern unter den Fällen, lassen Sie sie aus und beginnen Sie einen neuen Lauf, oder lassen Sie diesen mit der kleineren Rate weitergehen.</translation>
    </message>
    <message>
        <source>The computer has too little free memory for this job.</source>
        <translation>Der Rechner hat zu wenig freien Speicher für diesen Vorgang.</translation>
    </message>
    <message>
        <source>The computer has too little free memory for this job, even for {n} slices at once.</source>
        <translation>Der Rechner hat zu wenig freien Speicher für diesen Vorgang, selbst für {n} Schichten auf einmal.</translation>
    </message>
    <message>
        <source>The computer has too little free memory for this job, even for {n} slice at once.</source>
        <translation>Der Rechner hat zu wenig freien Speicher für diesen Vorgang, selbst für {n} Schicht auf einmal.</translation>
    </message>
    <message>
        <source>The GPU has too little free memory for this job.</source>
        <translation>Die GPU hat zu wenig freien Speicher für diesen Vorgang.</translation>
    </message>
    <message>
        <source>The GPU has too little free memory for this job, even for {n} slices at once.</source>
        <translation>Die GPU hat zu wenig freien Speicher für diesen Vorgang, selbst für {n} Schichten auf einmal.</translation>
    </message>
    <message>
        <source>The GPU has too little free memory for this job, even for {n} slice at once.</source>
        <translation>Die GPU hat zu wenig freien Speicher für diesen Vorgang, selbst für {n} Schicht auf einmal.</translation>
    </message>
    <message>
        <source>The job's process was ended from outside, perhaps for lack of memory.</source>
        <translation>Der Prozess des Vorgangs wurde von außen beendet, vielleicht aus Mangel an Speicher.</translation>
    </message>
    <message>
        <source>its loss was not a number</source>
        <translation>sein Verlust war keine Zahl</translation>
    </message>
    <message>
        <source>the network's change was not a number</source>
        <translation>die Änderung des Netzes war keine Zahl</translation>
    </message>
    <message>
        <source>its loss was far too high</source>
        <translation>sein Verlust war viel zu hoch</translation>
    </message>
    <message>
        <source>Its losses differ in the last digits from those of an uninterrupted run.</source>
        <translation>Seine Verluste weichen in den letzten Stellen von denen eines ununterbrochenen Laufs ab.</translation>
    </message>
    <message>
        <source>{n} process(es) began this run, now there are {n2}.</source>
        <translation>Diesen Lauf begannen {n} Prozesse, jetzt sind es {n2}.</translation>
    </message>
    <message>
        <source>This run began with PyTorch {before}, now it is {now}.</source>
        <translation>Dieser Lauf begann mit PyTorch {before}, jetzt ist es {now}.</translation>
    </message>
    <message>
        <source>This run began on {a}, {n} threads, {f}, and goes on with {b}.</source>
        <translation>Dieser Lauf begann auf {a}, {n} Threads, {f} und geht mit {b} weiter.</translation>
    </message>
    <message>
        <source>Stopped by the user.</source>
        <translation>Vom Benutzer angehalten.</translation>
    </message>
    <message>
        <source>The window that started it is gone.</source>
        <translation>Das Fenster, das den Vorgang startete, ist weg.</translation>
    </message>
    <message>
        <source>Ended by the user before it could save.</source>
        <translation>Vom Benutzer beendet, bevor er speichern konnte.</translation>
    </message>
    <message>
        <source>Stopped before it began.</source>
        <translation>Angehalten, bevor er begann.</translation>
    </message>
    <message>
        <source>Given up: it runs, if at all, where it cannot be ended from here.</source>
        <translation>Aufgegeben: Er läuft, wenn überhaupt, wo er von hier aus nicht beendet werden kann.</translation>
    </message>
    <message>
        <source>{a}: {figure} blind on {n} slices</source>
        <translation>{a}: {figure} blind auf {n} Schichten</translation>
    </message>
    <message>
        <source>{a}: {figure} blind on {n} slice</source>
        <translation>{a}: {figure} blind auf {n} Schicht</translation>
    </message>
    <message>
        <source>{a}: {figure} assisted on {n} slices</source>
        <translation>{a}: {figure} geführt auf {n} Schichten</translation>
    </message>
    <message>
        <source>{a}: {figure} assisted on {n} slice</source>
        <translation>{a}: {figure} geführt auf {n} Schicht</translation>
    </message>
    <message>
        <source>{a}: {figure} blind on {n} slice, {figure2} assisted on {n2} slice</source>
        <translation>{a}: {figure} blind auf {n} Schicht, {figure2} geführt auf {n2} Schicht</translation>
    </message>
    <message>
        <source>{a}: {figure} blind on {n} slice, {figure2} assisted on {n2} slices</source>
        <translation>{a}: {figure} blind auf {n} Schicht, {figure2} geführt auf {n2} Schichten</translation>
    </message>
    <message>
        <source>{a}: {figure} blind on {n} slices, {figure2} assisted on {n2} slice</source>
        <translation>{a}: {figure} blind auf {n} Schichten, {figure2} geführt auf {n2} Schicht</translation>
    </message>
    <message>
        <source>{a}: {figure} blind on {n} slices, {figure2} assisted on {n2} slices</source>
        <translation>{a}: {figure} blind auf {n} Schichten, {figure2} geführt auf {n2} Schichten</translation>
    </message>
    <message>
        <source>{n} voxels</source>
        <translation>{n} Voxel</translation>
    </message>
    <message>
        <source>{n} voxel</source>
        <translation>{n} Voxel</translation>
    </message>
    <message>
        <source>Dice {figure} on {n} cases it never learned from, transductive</source>
        <translation>Dice {figure} an {n} Fällen, aus denen es nie gelernt hat, transduktiv</translation>
    </message>
    <message>
        <source>Dice {n} over {n2} of {n3} classes, on {n4} cases it never learned from, transductive</source>
        <translation>Dice {n} über {n2} von {n3} Klassen, an {n4} Fällen, aus denen es nie gelernt hat, transduktiv</translation>
    </message>
    <message>
        <source>Dice {figure} on {n} case it never learned from, transductive</source>
        <translation>Dice {figure} an {n} Fall, aus dem es nie gelernt hat, transduktiv</translation>
    </message>
    <message>
        <source>Dice {n} over {n2} of {n3} classes, on {n4} case it never learned from, transductive</source>
        <translation>Dice {n} über {n2} von {n3} Klassen, an {n4} Fall, aus dem es nie gelernt hat, transduktiv</translation>
    </message>
    <message>
        <source>Test Dice {figure}</source>
        <translation>Test-Dice {figure}</translation>
    </message>
    <message>
        <source>Test Dice {figure}, transductive</source>
        <translation>Test-Dice {figure}, transduktiv</translation>
    </message>
    <message>
        <source>The next training learns from {a} you marked done, in {b}</source>
        <translation>Das nächste Training lernt aus {a}, die Sie fertig gemeldet haben, in {b}</translation>
    </message>
    <message>
        <source>The next training learns from {n} slices you marked done, in {n2} cases</source>
        <translation>Das nächste Training lernt aus {n} Schichten, die Sie fertig gemeldet haben, in {n2} Fällen</translation>
    </message>
    <message>
        <source>The next training learns from {n} slices you marked done, in {n2} case</source>
        <translation>Das nächste Training lernt aus {n} Schichten, die Sie fertig gemeldet haben, in {n2} Fall</translation>
    </message>
    <message>
        <source>The next training learns from {n} slice you marked done, in {n2} case</source>
        <translation>Das nächste Training lernt aus {n} Schicht, die Sie fertig gemeldet haben, in {n2} Fall</translation>
    </message>
    <message>
        <source>Dice {figure} on {n} cases it never learned from</source>
        <translation>Dice {figure} an {n} Fällen, aus denen es nie gelernt hat</translation>
    </message>
    <message>
        <source>Dice {figure} on {n} case it never learned from</source>
        <translation>Dice {figure} an {n} Fall, aus dem es nie gelernt hat</translation>
    </message>
    <message>
        <source>compare places</source>
        <translation>Stellen vergleichen</translation>
    </message>
    <message>
        <source>rebuild hidden patches</source>
        <translation>Verdeckte Felder ergänzen</translation>
    </message>
    <message>
        <source>rebuild hidden pixels</source>
        <translation>Verdeckte Pixel ergänzen</translation>
    </message>
    <message>
        <source>There is a slicelab project in this folder already.</source>
        <translation>In diesem Ordner liegt schon ein slicelab-Projekt.</translation>
    </message>
    <message>
        <source>Open that one, or choose another folder for the new one.</source>
        <translation>Öffnen Sie dieses, oder wählen Sie einen anderen Ordner für das neue.</translation>
    </message>
    <message>
        <source>{a}: nothing on this slice</source>
        <translation>{a}: nichts auf dieser Schicht</translation>
    </message>
    <message>
        <source>{a}: nothing here</source>
        <translation>{a}: hier nichts</translation>
    </message>
    <message>
        <source>{n} and {n2} ({n3} mm), {n4} and {n5} ({n6} mm)</source>
        <translation>{n} und {n2} ({n3} mm), {n4} und {n5} ({n6} mm)</translation>
    </message>
    <message>
        <source>{n} and {n2} ({n3} mm), {n4} and {n5} ({n6} mm), {n7} and {n8} ({n9} mm)</source>
        <translation>{n} und {n2} ({n3} mm), {n4} und {n5} ({n6} mm), {n7} und {n8} ({n9} mm)</translation>
    </message>
    <message>
        <source>{n} and {n2} ({n3} mm), {n4} and {n5} ({n6} mm), {n7} and {n8} ({n9} mm) and others</source>
        <translation>{n} und {n2} ({n3} mm), {n4} und {n5} ({n6} mm), {n7} und {n8} ({n9} mm) und weiteren</translation>
    </message>
    <message>
        <source>HD95 {n} mm, ASSD {n2} mm</source>
        <translation>HD95 {n} mm, ASSD {n2} mm</translation>
    </message>
    <message>
        <source>{n} over {n2} of {n3} classes</source>
        <translation>{n} über {n2} von {n3} Klassen</translation>
    </message>
    <message>
        <source>Dice {n} over {n2} of {n3} classes, on {n4} cases it never learned from</source>
        <translation>Dice {n} über {n2} von {n3} Klassen, an {n4} Fällen, aus denen es nie gelernt hat</translation>
    </message>
    <message>
        <source>Dice {n} over {n2} of {n3} classes, on {n4} case it never learned from</source>
        <translation>Dice {n} über {n2} von {n3} Klassen, an {n4} Fall, aus dem es nie gelernt hat</translation>
    </message>
    <message>
        <source>{n} of {n2} volumes</source>
        <translation>{n} von {n2} Bildern</translation>
    </message>
    <message>
        <source>{n} of {n2} volume</source>
        <translation>{n} von {n2} Bild</translation>
    </message>
    <message>
        <source>{a}: {n} times faster than float32 here, measured on {date}</source>
        <translation>{a}: {n}-mal schneller als float32 hier, gemessen am {date}</translation>
    </message>
    <message>
        <source>{a}: {n} times faster than the CPU here, measured on {date}</source>
        <translation>{a}: {n}-mal schneller als die CPU hier, gemessen am {date}</translation>
    </message>
    <message>
        <source>{a}: {n} times faster than the GPU here, measured on {date}</source>
        <translation>{a}: {n}-mal schneller als die GPU hier, gemessen am {date}</translation>
    </message>
    <message>
        <source>step</source>
        <translation>Schritt</translation>
    </message>
    <message>
        <source>{a} of Model {n} written to {b}.</source>
        <translation>{a} von Modell {n} nach {b} geschrieben.</translation>
    </message>
    <message>
        <source>Training was stopped</source>
        <translation>Das Lernen wurde angehalten</translation>
    </message>
    <message>
        <source>Training did not finish</source>
        <translation>Das Lernen kam nicht zu Ende</translation>
    </message>
    <message>
        <source>Training finished</source>
        <translation>Das Lernen ist fertig</translation>
    </message>
    <message>
        <source>{kind} finished</source>
        <translation>{kind}: fertig</translation>
    </message>
    <message>
        <source>{kind} was stopped</source>
        <translation>{kind} wurde angehalten</translation>
    </message>
    <message>
        <source>{kind} did not finish</source>
        <translation>{kind} kam nicht zu Ende</translation>
    </message>
    <message>
        <source>Measured before 1 slice changed: Measure Dice takes it in.</source>
        <translation>Gemessen, bevor sich 1 Schicht änderte: „Dice messen“ nimmt sie auf.</translation>
    </message>
    <message>
        <source>{a}: {n} times faster than float32 here</source>
        <translation>{a}: {n}-mal schneller als float32 hier</translation>
    </message>
    <message>
        <source>{a}: the GPU did not work</source>
        <translation>{a}: Die GPU hat nicht funktioniert</translation>
    </message>
    <message>
        <source>{a}: bfloat16 is no faster here</source>
        <translation>{a}: bfloat16 ist hier nicht schneller</translation>
    </message>
    <message>
        <source>{a}: not measured: no measurement can be kept here</source>
        <translation>{a}: nicht gemessen, hier lässt sich keine Messung aufbewahren</translation>
    </message>
    <message>
        <source>{a}: {n} times faster than the CPU here</source>
        <translation>{a}: {n}-mal schneller als die CPU hier</translation>
    </message>
    <message>
        <source>{a}: {n} times faster than the GPU here</source>
        <translation>{a}: {n}-mal schneller als die GPU hier</translation>
    </message>
    <message>
        <source>{n} labelled patients</source>
        <translation>{n} gezeichneten Patienten</translation>
    </message>
    <message>
        <source>{n} labelled patient</source>
        <translation>{n} gezeichneten Patienten</translation>
    </message>
    <message>
        <source>Not reliable yet.</source>
        <translation>Noch nicht verlässlich.</translation>
    </message>
    <message>
        <source>The order follows how sure the model is of its own masks.</source>
        <translation>Die Reihenfolge folgt dem, wie sicher das Modell seiner Masken ist.</translation>
    </message>
    <message>
        <source>From how sure the model is of its masks.</source>
        <translation>Daraus, wie sicher das Modell seiner Masken ist.</translation>
    </message>
    <message>
        <source>Use it as the order of review, not as a result.</source>
        <translation>Als Reihenfolge zum Prüfen nehmen, nicht als Ergebnis.</translation>
    </message>
    <message>
        <source>{n} x {n2} x {n3}</source>
        <translation>{n} x {n2} x {n3}</translation>
    </message>
    <message>
        <source>suggested to be labelled next (the reason stands in Label)</source>
        <translation>zum Zeichnen vorgeschlagen (der Grund steht bei „Zeichnen“)</translation>
    </message>
    <message>
        <source>{name}: Dice {figure} of the model in use</source>
        <translation>{name}: Dice {figure} des verwendeten Modells</translation>
    </message>
    <message>
        <source>A job is running in this project: {run} ({what}, step {n} of {n2}).</source>
        <translation>In diesem Projekt läuft ein Vorgang: {run} ({what}, Schritt {n} von {n2}).</translation>
    </message>
    <message>
        <source>A job is running in this project: {run} ({what}, preparing volume {n} of {n2}).</source>
        <translation>In diesem Projekt läuft ein Vorgang: {run} ({what}, bereitet Bild {n} von {n2} vor).</translation>
    </message>
    <message>
        <source>A job is running in this project: {run} ({what}).</source>
        <translation>In diesem Projekt läuft ein Vorgang: {run} ({what}).</translation>
    </message>
    <message>
        <source>{n} slice, pretrained</source>
        <translation>{n} Schicht, mit Vorlernen</translation>
    </message>
    <message>
        <source>{n} slice, from scratch</source>
        <translation>{n} Schicht, ohne Vorlernen</translation>
    </message>
    <message>
        <source>{n} slices, pretrained</source>
        <translation>{n} Schichten, mit Vorlernen</translation>
    </message>
    <message>
        <source>{n} slices, from scratch</source>
        <translation>{n} Schichten, ohne Vorlernen</translation>
    </message>
    <message>
        <source>labels of {a}</source>
        <translation>Masken von {a}</translation>
    </message>
    <message>
        <source>0.5–99.5 %</source>
        <translation>0,5–99,5 %</translation>
    </message>
    <message>
        <source>Border between cases and classes</source>
        <translation>Grenze zwischen Fällen und Klassen</translation>
    </message>
    <message>
        <source>Drag it, or move it with the arrow keys. Double click or Enter: as much room as the classes need.</source>
        <translation>Ziehen oder mit den Pfeiltasten bewegen. Doppelklick oder Enter: so viel Platz, wie die Klassen brauchen.</translation>
    </message>
    <message>
        <source>left out for testing</source>
        <translation>zum Testen ausgelassen</translation>
    </message>
    <message>
        <source>Left out for testing: no run learns from it</source>
        <translation>Zum Testen ausgelassen: Kein Lauf lernt daraus</translation>
    </message>
    <message>
        <source>Open the demo</source>
        <translation>Demo öffnen</translation>
    </message>
    <message>
        <source>A project of made-up volumes, two of them labelled, to try everything on. Synthetic: nobody's images.</source>
        <translation>Ein Projekt mit erdachten Bildern, zwei davon gezeichnet, um alles auszuprobieren. Synthetisch: Bilder von niemandem.</translation>
    </message>
    <message>
        <source>Made-up volumes to try it on</source>
        <translation>Erdachte Bilder zum Ausprobieren</translation>
    </message>
    <message>
        <source>Opening the demo …</source>
        <translation>Die Demo wird geöffnet …</translation>
    </message>
    <message>
        <source>Ends after the volume it makes; what is half made is removed</source>
        <translation>Endet nach dem Bild, das gerade entsteht; halb Fertiges wird entfernt</translation>
    </message>
    <message>
        <source>Making volumes up (synthetic): {n} of {n2}</source>
        <translation>Bilder werden erdacht (synthetisch): {n} von {n2}</translation>
    </message>
    <message>
        <source>The folder is not empty and holds no demo.</source>
        <translation>Der Ordner ist nicht leer und enthält keine Demo.</translation>
    </message>
    <message>
        <source>The folder holds another demo, in which somebody may have drawn.</source>
        <translation>Der Ordner enthält eine andere Demo, in der vielleicht jemand gezeichnet hat.</translation>
    </message>
    <message>
        <source>Rename the folder {name}, or move it, and open the demo again.</source>
        <translation>Benennen Sie den Ordner {name} um oder verschieben Sie ihn, und öffnen Sie die Demo noch einmal.</translation>
    </message>
    <message>
        <source>The demo cannot be written.</source>
        <translation>Die Demo kann nicht geschrieben werden.</translation>
    </message>
    <message>
        <source>Check that your folder of documents has room.</source>
        <translation>Prüfen Sie, ob in Ihrem Dokumentenordner Platz ist.</translation>
    </message>
    <message>
        <source>Series of a study</source>
        <translation>Serien einer Untersuchung</translation>
    </message>
    <message>
        <source>Series</source>
        <translation>Serie</translation>
    </message>
    <message>
        <source>Matrix</source>
        <translation>Matrix</translation>
    </message>
    <message>
        <source>different</source>
        <translation>verschieden</translation>
    </message>
    <message>
        <source>Leave all out</source>
        <translation>Alle auslassen</translation>
    </message>
    <message>
        <source>None of these series is added (Esc)</source>
        <translation>Keine dieser Serien wird hinzugefügt (Esc)</translation>
    </message>
    <message>
        <source>Which series do you want to label?</source>
        <translation>Welche Serien möchten Sie zeichnen?</translation>
    </message>
    <message>
        <source>Each becomes a case. Others can be added to a case later, to look at.</source>
        <translation>Jede wird ein Fall. Andere können einem Fall später zum Ansehen hinzugefügt werden.</translation>
    </message>
    <message>
        <source>Add {n} series</source>
        <translation>{n} Serien hinzufügen</translation>
    </message>
    <message>
        <source>Add 1 series</source>
        <translation>1 Serie hinzufügen</translation>
    </message>
    <message>
        <source>Add 0 series</source>
        <translation>Keine Serie hinzufügen</translation>
    </message>
    <message>
        <source>Readers …</source>
        <translation>Befunder …</translation>
    </message>
    <message>
        <source>Who labelled what, and how far two readers agree: Dice by class and slice (inter-reader agreement).</source>
        <translation>Wer was gezeichnet hat und wie weit zwei Befunder übereinstimmen: Dice nach Klasse und Schicht (Interobserver-Übereinstimmung).</translation>
    </message>
    <message>
        <source>Noted with your labels; a project that others label too asks whether you label as yourself</source>
        <translation>Wird mit Ihren Masken notiert; ein Projekt, in dem auch andere zeichnen, fragt, ob Sie unter Ihrem Namen zeichnen</translation>
    </message>
    <message>
        <source>This project is open for {a}, and your name is {b}.</source>
        <translation>Dieses Projekt ist für {a} geöffnet, und Ihr Name ist {b}.</translation>
    </message>
    <message>
        <source>What you paint is noted as theirs, unless you label as yourself.</source>
        <translation>Was Sie malen, wird unter jenem Namen vermerkt, außer Sie zeichnen unter Ihrem eigenen.</translation>
    </message>
    <message>
        <source>Label as {a}</source>
        <translation>Als {a} zeichnen</translation>
    </message>
    <message>
        <source>Readers</source>
        <translation>Befunder</translation>
    </message>
    <message>
        <source>Reader</source>
        <translation>Befunder</translation>
    </message>
    <message>
        <source>Label as another reader</source>
        <translation>Als anderer Befunder zeichnen</translation>
    </message>
    <message>
        <source>Opens this project in the name of the selected reader</source>
        <translation>Öffnet dieses Projekt im Namen des ausgewählten Befunders</translation>
    </message>
    <message>
        <source>Name of a further reader</source>
        <translation>Name eines weiteren Befunders</translation>
    </message>
    <message>
        <source>Label as this one</source>
        <translation>Unter diesem Namen zeichnen</translation>
    </message>
    <message>
        <source>A further reader starts with no labels, and sees nobody else's</source>
        <translation>Ein weiterer Befunder beginnt ohne Masken und sieht keine fremden</translation>
    </message>
    <message>
        <source>The one reader</source>
        <translation>Der eine Befunder</translation>
    </message>
    <message>
        <source>The other reader</source>
        <translation>Der andere Befunder</translation>
    </message>
    <message>
        <source>Agreement by class</source>
        <translation>Übereinstimmung nach Klasse</translation>
    </message>
    <message>
        <source>Slices both done</source>
        <translation>Von beiden erledigt</translation>
    </message>
    <message>
        <source>Slices on which they differ</source>
        <translation>Schichten, in denen sie sich unterscheiden</translation>
    </message>
    <message>
        <source>Slices on which they differ, the worst first. A click goes there.</source>
        <translation>Schichten, in denen sie sich unterscheiden, die schlechteste zuerst. Ein Klick führt hin.</translation>
    </message>
    <message>
        <source>Who labelled what</source>
        <translation>Wer was gezeichnet hat</translation>
    </message>
    <message>
        <source>Each reader has labels of their own. Training, predictions and figures use those of the reader whom the project is open for.</source>
        <translation>Jeder Befunder hat eigene Masken. Training, Vorhersagen und Zahlen nutzen die des Befunders, für den das Projekt geöffnet ist.</translation>
    </message>
    <message>
        <source>{a} (now)</source>
        <translation>{a} (jetzt)</translation>
    </message>
    <message>
        <source>How far two readers agree on {name}</source>
        <translation>Wie weit zwei Befunder bei {name} übereinstimmen</translation>
    </message>
    <message>
        <source>Open a case to compare two readers on.</source>
        <translation>Öffnen Sie einen Fall, um zwei Befunder darauf zu vergleichen.</translation>
    </message>
    <message>
        <source>Choose two different readers.</source>
        <translation>Wählen Sie zwei verschiedene Befunder.</translation>
    </message>
    <message>
        <source>Several readers label this project. It is open for {a}.</source>
        <translation>In diesem Projekt markieren mehrere Befunder. Es ist für {a} geöffnet.</translation>
    </message>
    <message>
        <source>No slice of this case was marked done by both.</source>
        <translation>Keine Schicht dieses Falls ist von beiden als erledigt markiert.</translation>
    </message>
    <message>
        <source>Slice</source>
        <translation>Schicht</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>Zeit</translation>
    </message>
    <message>
        <source>Drafts</source>
        <translation>Entwürfe</translation>
    </message>
    <message>
        <source>How it learns</source>
        <translation>Wie es lernt</translation>
    </message>
    <message>
        <source>Leak audit: no patient may be learned from and tested on, pretraining included. Cases of one patient count as one.</source>
        <translation>Prüfung der Trennung: An keinem Patienten darf gelernt und getestet werden, das Vorlernen eingeschlossen. Fälle eines Patienten zählen als einer.</translation>
    </message>
    <message>
        <source>Slices that show each class: {classes}</source>
        <translation>Schichten, die jede Klasse zeigen: {classes}</translation>
    </message>
    <message>
        <source>No labelled patient is left out for testing, so this training has no test cases of its own. Pretrain has the list to leave some out, best before it learns from all.</source>
        <translation>Kein Patient mit Masken ist zum Testen ausgelassen, dieses Training hat also keine eigenen Testfälle. Auslassen kann man sie unter Vorlernen, am besten, bevor aus allen gelernt wird.</translation>
    </message>
    <message>
        <source>Leak: labels of {met} of {patients} kept for testing were learned from before.</source>
        <translation>Undichte Trennung: Aus Masken von {met} von {patients}, die zum Testen ausgelassen sind, wurde schon gelernt.</translation>
    </message>
    <message>
        <source>Leak: the pretraining saw images, without labels, of {seen} of {patients} kept for testing. Dice on them may be too high.</source>
        <translation>Undichte Trennung: Das Vorlernen sah Bilder, ohne Masken, von {seen} von {patients}, die zum Testen ausgelassen sind. Dice an ihnen kann zu hoch sein.</translation>
    </message>
    <message>
        <source>Checked: nothing is learned from {patients} kept for testing, pretraining included.</source>
        <translation>Geprüft: Nichts wird aus den zum Testen ausgelassenen Fällen gelernt, auch nicht beim Vorlernen: {patients}.</translation>
    </message>
    <message>
        <source>{n} slice, from {run}</source>
        <translation>{n} Schicht, ab {run}</translation>
    </message>
    <message>
        <source>{n} slices, from {run}</source>
        <translation>{n} Schichten, ab {run}</translation>
    </message>
    <message>
        <source>Made {when}</source>
        <translation>Entstanden {when}</translation>
    </message>
    <message>
        <source>Mean 3D Dice of labelled cases that it does not learn from (held out). It is shown alone: nothing is chosen by it, but whoever stops because of it flatters the figure.</source>
        <translation>Mittlerer 3D-Dice gezeichneter Fälle, aus denen es nicht lernt (zurückgehalten). Er wird nur gezeigt: Nichts wird danach gewählt; wer aber seinetwegen anhält, schönt die Zahl.</translation>
    </message>
    <message>
        <source>{dice} after step {step}</source>
        <translation>{dice} nach Schritt {step}</translation>
    </message>
    <message>
        <source>Dice on {cases} left out for testing: {figures}</source>
        <translation>Dice an {cases}, zum Testen ausgelassen: {figures}</translation>
    </message>
    <message>
        <source>While it learns, after step {step}: each slice as it was last compared</source>
        <translation>Während des Lernens, nach Schritt {step}: jede Schicht, wie sie zuletzt verglichen wurde</translation>
    </message>
    <message>
        <source>Lowest expected Dice first</source>
        <translation>Niedrigster erwarteter Dice zuerst</translation>
    </message>
    <message>
        <source>{a} began with {b}, which is left out for testing now.</source>
        <translation>{a} begann mit {b}; dieser Fall ist jetzt zum Testen ausgelassen.</translation>
    </message>
    <message>
        <source>{a} began with {b} and {n} more, which are left out for testing now.</source>
        <translation>{a} begann mit {b} und {n} weiteren; diese Fälle sind jetzt zum Testen ausgelassen.</translation>
    </message>
    <message>
        <source>This training</source>
        <translation>Dieses Training</translation>
    </message>
    <message>
        <source>This pretraining</source>
        <translation>Dieses Vorlernen</translation>
    </message>
    <message>
        <source>This comparison</source>
        <translation>Dieser Vergleich</translation>
    </message>
    <message>
        <source>This cross-validation</source>
        <translation>Diese Kreuzvalidierung</translation>
    </message>
    <message>
        <source>Start anew, without what is left out.</source>
        <translation>Beginnen Sie neu, ohne das Ausgelassene.</translation>
    </message>
    <message>
        <source>Or take it off the list of those left out, and continue.</source>
        <translation>Oder nehmen Sie es aus der Liste der ausgelassenen Fälle und machen Sie weiter.</translation>
    </message>
    <message>
        <source>On its way: Dice on {cases} left out for testing: {figures}</source>
        <translation>Unterwegs: Dice an {cases}, zum Testen ausgelassen: {figures}</translation>
    </message>
    <message>
        <source>This folder is no project that this slicelab reads.</source>
        <translation>Dieser Ordner ist kein Projekt, das dieses slicelab liest.</translation>
    </message>
    <message>
        <source>Open it to hear why.</source>
        <translation>Öffnen Sie ihn, um zu erfahren, warum.</translation>
    </message>
    <message>
        <source>{model}: {worth}</source>
        <translation>{model}: {worth}</translation>
    </message>
    <message>
        <source>No slice is done in what is left out: Dice on it needs some.</source>
        <translation>In dem, was ausgelassen ist, ist keine Schicht fertig: Dice daran braucht welche.</translation>
    </message>
    <message>
        <source>{model} on its way: Dice on {cases} left out for testing: {figures}</source>
        <translation>{model} unterwegs: Dice an {cases}, zum Testen ausgelassen: {figures}</translation>
    </message>
    <message>
        <source>Each dot is a labelled case, expected without its patient. On the dashed line it came as expected.</source>
        <translation>Jeder Punkt ist ein gezeichneter Fall, erwartet ohne seinen Patienten. Auf der gestrichelten Linie kam es wie erwartet.</translation>
    </message>
    <message>
        <source>Expected against measured Dice of labelled cases, each patient left out in turn</source>
        <translation>Erwarteter gegen gemessenen Dice gezeichneter Fälle, jeder Patient einmal ausgelassen</translation>
    </message>
    <message>
        <source>expected</source>
        <translation>erwartet</translation>
    </message>
    <message>
        <source>measured</source>
        <translation>gemessen</translation>
    </message>
    <message>
        <source>{a}: expected Dice {n}, measured {n2}</source>
        <translation>{a}: erwarteter Dice {n}, gemessen {n2}</translation>
    </message>
    <message>
        <source>{model} is in use now, and both are kept.</source>
        <translation>{model} ist jetzt in Gebrauch, beide bleiben erhalten.</translation>
    </message>
    <message>
        <source>On so few cases the difference may be chance: look at both.</source>
        <translation>An so wenigen Fällen kann der Unterschied Zufall sein: Sehen Sie beide an.</translation>
    </message>
    <message>
        <source>Go back to {model}</source>
        <translation>Zurück zu {model}</translation>
    </message>
    <message>
        <source>Training that runs to its end is followed by a prediction of every case; after Stop you choose.</source>
        <translation>Auf ein Lernen, das bis zum Ende läuft, folgt die Vorhersage aller Fälle; nach „Stopp“ wählen Sie.</translation>
    </message>
    <message>
        <source>Training was stopped at step {n} of {n2}.</source>
        <translation>Das Lernen wurde bei Schritt {n} von {n2} gestoppt.</translation>
    </message>
    <message>
        <source>{model} is what it had learned by then.</source>
        <translation>{model} ist, was es bis dahin gelernt hatte.</translation>
    </message>
    <message>
        <source>not ticked: very few slices</source>
        <translation>nicht angehakt: sehr wenige Schichten</translation>
    </message>
    <message>
        <source>Fewer than {n} slices: most often a localizer, to plan the others by.</source>
        <translation>Weniger als {n} Schichten: meist ein Localizer, nach dem die anderen geplant werden.</translation>
    </message>
    <message>
        <source>A click ticks it, if you want it.</source>
        <translation>Ein Klick hakt sie an, wenn Sie sie wollen.</translation>
    </message>
    <message>
        <source>Home folder</source>
        <translation>Persönlicher Ordner</translation>
    </message>
    <message>
        <source>{a}, for {b}</source>
        <translation>{a}, für {b}</translation>
    </message>
    <message>
        <source>{a}. Keys choose tools; classes are chosen at the left.</source>
        <translation>{a}. Tasten wählen Werkzeuge; Klassen wählt man links.</translation>
    </message>
    <message>
        <source>A double click paints twice. To enlarge: Enlarge view{a}</source>
        <translation>Ein Doppelklick malt zweimal. Zum Vergrößern: „Ansicht vergrößern“{a}</translation>
    </message>
    <message>
        <source>An outline was begun: one can draw in every tab. Escape drops it.</source>
        <translation>Ein Umriss ist begonnen: Zeichnen geht in jedem Reiter. Escape verwirft ihn.</translation>
    </message>
    <message>
        <source>{model} is worse than {before}: {figures}, on {cases}.</source>
        <translation>{model} ist schlechter als {before}: {figures}, an {cases}.</translation>
    </message>
    <message>
        <source>Dice {dice} after {figure}</source>
        <translation>Dice {dice} nach {figure}</translation>
    </message>
    <message>
        <source>{n} cases that neither learned from</source>
        <translation>{n} Fällen, aus denen keines gelernt hat</translation>
    </message>
    <message>
        <source>1 case that neither learned from</source>
        <translation>1 Fall, aus dem keines gelernt hat</translation>
    </message>
    <message>
        <source>A contrastive pretraining takes 2 steps at least: one for each of its two stages.</source>
        <translation>Ein kontrastives Vorlernen braucht mindestens 2 Schritte: je einen für seine zwei Stufen.</translation>
    </message>
    <message>
        <source>Ask for 2 steps or more, or for another method.</source>
        <translation>Wählen Sie 2 oder mehr Schritte, oder eine andere Methode.</translation>
    </message>
    <message>
        <source>Worse than {before}: {figures}, on {cases}</source>
        <translation>Schlechter als {before}: {figures}, an {cases}</translation>
    </message>
    <message>
        <source>Nothing was predicted with it. Predict all cases to see its masks, or let it go on in Train.</source>
        <translation>Damit wurde noch nichts vorhergesagt. Sagen Sie alle Fälle vorher, um seine Masken zu sehen, oder lassen Sie es unter „Lernen“ weitergehen.</translation>
    </message>
</context>
</TS>
