;; transaction
SET LOCAL lock_timeout = '3s'
;;
CREATE TABLE directory.refresh_family (
	id uuid NOT NULL,
	turn bigint NOT NULL,
	expires_at timestamp with time zone NOT NULL,
	revoked_at timestamp with time zone,
	CONSTRAINT refresh_family_pkey PRIMARY KEY (id)
)
;;
CREATE INDEX refresh_family_expires_at_ix ON directory.refresh_family (expires_at)
;;
GRANT SELECT, INSERT, DELETE ON directory.refresh_family TO contor_app
;;
GRANT UPDATE (expires_at, revoked_at, turn) ON directory.refresh_family TO contor_app
