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
        <translation>Füllt die leeren Schichten hier aus den Umrissen an beiden Enden (formbasiert); Entwürfe, bis Sie sie bestätigen.</translation>
    </message>
    <message>
        <source>Interpolate all gaps</source>
        <translation>Alle Lücken interpolieren</translation>
    </message>
    <message>
        <source>Fills every run of unlabelled slices between two labelled ones; drafts until you confirm them.</source>
        <translation>Füllt alle leeren Schichten zwischen zwei gezeichneten; Entwürfe, bis Sie sie bestätigen.</translation>
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
        <translation>Der nächste Entwurf oder die nächste leere Schicht darüber.</translation>
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
        <translation>daraus gelernt</translation>
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
        <source>German is not complete: what is missing is said in English</source>
        <translation>Deutsch ist nicht vollständig: Was fehlt, steht auf Englisch</translation>
    </message>
    <message>
        <source>Noted with your labels, in projects whose reader has no name yet</source>
        <translation>Wird mit Ihren Masken notiert, in Projekten, deren Befunder noch keinen Namen hat</translation>
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
        <translation>Der nächste Entwurf oder die nächste leere Schicht darunter.</translation>
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
        <source>Paint a few slices and press Enter on each: only slices that are done teach. The rest is learned.</source>
        <translation>Einige Schichten malen und jeweils Enter drücken: Nur fertige Schichten lehren. Der Rest wird gelernt.</translation>
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
        <source>Every stroke is saved at once; jobs can be paused and stopped here. Ctrl+K finds every command.</source>
        <translation>Jeder Strich wird sofort gespeichert; Vorgänge lassen sich hier anhalten und beenden. Strg+K findet jeden Befehl.</translation>
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
        <translation>Ausgehen von</translation>
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
        <source>Training is followed by a prediction of every case.</source>
        <translation>Nach dem Lernen wird jeder Fall vorhergesagt.</translation>
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
        <translation>Methodenbericht …</translation>
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
        <source>{job} is still running.</source>
        <translation>{job} läuft noch.</translation>
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
        <translation>Kreuzvalidierten Dice messen</translation>
    </message>
    <message>
        <source>Holds labelled patients out in turn, trains on the others and measures (k-fold cross-validation). Your models stay as they are.</source>
        <translation>Hält gezeichnete Patienten der Reihe nach zurück, lernt aus den anderen und misst (k-fache Kreuzvalidierung). Ihre Modelle bleiben, wie sie sind.</translation>
    </message>
    <message>
        <source>Compare with no pretraining</source>
        <translation>Mit Lernen ohne Vorlernen vergleichen</translation>
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
        <translation>unterstützt</translation>
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
        <source>Leave out</source>
        <translation>Weglassen</translation>
    </message>
    <message>
        <source>Take as mask</source>
        <translation>Als Maske übernehmen</translation>
    </message>
    <message>
        <source>Add as new case</source>
        <translation>Als neuen Fall hinzufügen</translation>
    </message>
    <message>
        <source>Is this file a mask of {name}?</source>
        <translation>Ist diese Datei eine Maske von {name}?</translation>
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
        <source>One undo takes it back.</source>
        <translation>Einmal Rückgängig nimmt es zurück.</translation>
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
        <source>This case</source>
        <translation>Dieser Fall</translation>
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
        <source>What this case's file says, or what you last set for it by right drag</source>
        <translation>Was in der Datei des Falls steht, oder was Sie zuletzt mit der rechten Maustaste eingestellt haben</translation>
    </message>
    <message>
        <source>What the bar has no room for</source>
        <translation>Wofür in der Leiste kein Platz ist</translation>
    </message>
    <message>
        <source>Difference</source>
        <translation>Unterschied</translation>
    </message>
    <message>
        <source>Uncertainty</source>
        <translation>Unsicherheit</translation>
    </message>
    <message>
        <source>Opening {name} …</source>
        <translation>{name} wird geöffnet …</translation>
    </message>
    <message>
        <source>Choose a case at the left</source>
        <translation>Wählen Sie links einen Fall</translation>
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
        <source>Labelled slices</source>
        <translation>Gezeichnete Schichten</translation>
    </message>
    <message>
        <source>95th percentile of the Hausdorff distance (HD95), mm: how far off at its worst</source>
        <translation>95. Perzentil der Hausdorff-Distanz (HD95), mm: wie weit der Umriss im schlimmsten Fall abweicht</translation>
    </message>
    <message>
        <source>Average symmetric surface distance (ASSD), mm: how far off on average</source>
        <translation>Mittlere symmetrische Oberflächendistanz (ASSD), mm: wie weit der Umriss im Mittel abweicht</translation>
    </message>
</context>
</TS>
