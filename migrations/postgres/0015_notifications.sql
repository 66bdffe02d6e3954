-- Which mails people chose to get or not to get (R-91). Who never chose has no row: what holds for them
-- is said where the kinds are.
CREATE TABLE notification_choices (
    user_id UUID NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    kind    TEXT NOT NULL,
    is_on   BOOLEAN NOT NULL,
    PRIMARY KEY (user_id, kind)
);
-- Who asked for what others are not told is found without reading a workspace.
CREATE INDEX notification_choices_on ON notification_choices (kind, user_id) WHERE is_on;
