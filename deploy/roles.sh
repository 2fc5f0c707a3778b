#!/bin/sh
# Runs once, when the database is made: an owner that migrates (and makes a database for the nightly trial of the backup),
# and a runtime role that owns nothing.
set -eu
psql --set=ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres \
     --set=owner_password="$OWNER_PASSWORD" --set=runtime_password="$RUNTIME_PASSWORD" <<'SQL'
CREATE ROLE backoffice_owner LOGIN CREATEDB PASSWORD :'owner_password';
CREATE ROLE backoffice_app LOGIN PASSWORD :'runtime_password';
CREATE DATABASE backoffice OWNER backoffice_owner;
REVOKE ALL ON DATABASE backoffice FROM PUBLIC;
GRANT CONNECT, TEMPORARY ON DATABASE backoffice TO backoffice_app;
SQL
