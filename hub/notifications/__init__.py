"""Who is told what: the table, the rows without numbers, the lanes that number and send them, the pull feed.

One notification's way: `tabel.notificer` (pure) → `gem.gem` (in the live transaction, no number) → `sekvenser.Sekvenser` (number, commit,
send, mark) → the topic `ordningsnotifikation.<jobCenterKode>` and, once it is there, `feed.hent`.
"""
