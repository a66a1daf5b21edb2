#!/bin/sh
# Makes a cluster with the databases that DATABASES names, or POSTGRES_DB as the public image has it, then becomes its
# server. For tests: whoever reaches it is let in, and nothing of it outlives a crash.
set -eu

for bin in /usr/lib/postgresql/*/bin; do :; done
# Below the volume, which belongs to somebody else.
: "${PGDATA:=/var/lib/postgresql/data/cluster}" "${PGPORT:=5432}"

"$bin/initdb" --pgdata="$PGDATA" --username="${POSTGRES_USER:-orthanc}" --auth=trust --encoding=UTF8 --locale=C \
  --no-sync > /dev/null
for database in ${DATABASES:-${POSTGRES_DB:-orthanc}}; do echo "CREATE DATABASE $database;"; done |
  "$bin/postgres" --single -D "$PGDATA" -c fsync=off postgres > /dev/null
echo 'host all all all trust' >> "$PGDATA/pg_hba.conf"
exec "$bin/postgres" -D "$PGDATA" -c listen_addresses='*' -c port="$PGPORT" -c unix_socket_directories= \
  -c fsync=off -c max_connections=200
