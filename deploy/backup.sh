#!/bin/sh
# Database and files, whole or not at all, read back, old ones thinned out; then the status page knows.
# From the machine's cron, each night:  17 2 * * *  cd /srv/backoffice && deploy/backup.sh /srv/backup
set -eu
target=${1:?where to, for example /srv/backup}
day=$(date +%F)
umask 077
mkdir -p "$target"

# the database first: a file may be there that the database does not know yet, never the reverse
docker compose exec -T postgres pg_dump -U postgres -Fc backoffice > "$target/$day.dump.part"
docker compose exec -T postgres pg_restore --list < "$target/$day.dump.part" | grep -q 'TABLE DATA public ledger_entry '
docker compose exec -T web tar -C /data -cf - media > "$target/$day.files.tar.part"
tar -tf "$target/$day.files.tar.part" > /dev/null
mv "$target/$day.dump.part" "$target/$day.dump"
mv "$target/$day.files.tar.part" "$target/$day.files.tar"
docker compose exec -T web python manage.py heartbeat backup

# seven days, four Sundays, twelve firsts of a month
for file in "$target"/????-??-??.dump; do
    old=$(basename "$file" .dump)
    age=$(( ($(date +%s) - $(date -d "$old" +%s)) / 86400 ))
    [ "$age" -le 7 ] && continue
    [ "$(date -d "$old" +%u)" = 7 ] && [ "$age" -le 31 ] && continue
    [ "$(date -d "$old" +%d)" = 01 ] && [ "$age" -le 366 ] && continue
    rm -f "$file" "$target/$old.files.tar"
done
