"""Evidence packages: what an export leaves the house as, and how it is proved unaltered.

A package is a folder `EVID-<number>/` (domain reference 5.5) that ordinary tools can check:

    manifest.json   what, whose, when; size and SHA-256 of every other file but the next two
    manifest.sig    signature over the bytes of manifest.json
    log.csv         chain of custody, grows after the signature; each row carries its own hash
    SHA256SUMS, public-key.pem, README.txt    for sha256sum and openssl
    video/*.mp4  stills/*.png

What it proves: nothing that the manifest covers was altered since the key's owner signed. The log
is chained, not signed: whoever holds the package can shorten or rewrite it as a whole, so a register
keeps the log's newest hash (`Summary.log_head`).
"""
