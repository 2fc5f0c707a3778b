#!/bin/sh
# Rows and files in one zip, restored for a trial before it counts, old ones thinned out; then the status page knows.
# From the machine's cron, each night:  17 2 * * *  cd /srv/backoffice && deploy/backup.sh /srv/backup
# Without containers, in the program's environment:  PROGRAM= OWNER= BASE= deploy/backup.sh /srv/backup
set -eu
target=$(mkdir -p "${1:?where to, for example /srv/backup}" && cd "$1" && pwd)
day=$(date +%F)
umask 077
program=${PROGRAM-docker compose exec -T web}
owner=${OWNER-docker compose run --rm --no-deps -T -v "$target:$target:ro" migrate}
base=${BASE-docker compose exec -T postgres pg_basebackup -U postgres -D - -Ft -X fetch --checkpoint=fast}

$program python manage.py backup - > "$target/$day.zip.part"
$owner python manage.py restore_drill "$target/$day.zip.part"
mv "$target/$day.zip.part" "$target/$day.zip"
$program python manage.py heartbeat backup

# on Sundays what the log of changes is replayed onto, so that any minute since can be had back
if [ -n "$base" ] && [ "$(date +%u)" = 7 ]; then
    $base | gzip -1 > "$target/$day.base.tar.gz.part"
    mv "$target/$day.base.tar.gz.part" "$target/$day.base.tar.gz"
fi

# seven days, four Sundays, twelve firsts of a month; two bases
for file in "$target"/????-??-??.zip; do
    old=$(basename "$file" .zip)
    age=$(( ($(date +%s) - $(date -d "$old" +%s)) / 86400 ))
    [ "$age" -le 7 ] && continue
    [ "$(date -d "$old" +%u)" = 7 ] && [ "$age" -le 31 ] && continue
    [ "$(date -d "$old" +%d)" = 01 ] && [ "$age" -le 366 ] && continue
    rm -f "$file"
done
find "$target" -name '????-??-??.base.tar.gz' -mtime +15 -delete
