#!/bin/sh
# PostgreSQL hands over each finished piece of its log of changes (path, name), at least one a minute while somebody works.
# It counts as kept only when it lies on the disk whole under its name; what fails is handed over again.
set -eu
folder=${WAL_FOLDER:-/wal}
gzip -1 < "$1" > "$folder/$2.gz.part"
sync "$folder/$2.gz.part"
mv "$folder/$2.gz.part" "$folder/$2.gz"
find "$folder" -name '*.gz' -mtime +15 -delete
