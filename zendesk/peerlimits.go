package zendesk

import "time"

// What Zendesk allows, by its rate-limit and ticketing pages.
//
// Sources: https://developer.zendesk.com/api-reference/introduction/rate-limits,
// https://developer.zendesk.com/api-reference/ticketing/introduction/ and
// https://developer.zendesk.com/rest_api/docs/support/ticket_comments.
const (
	// MaxIdempotencyKey is the longest Idempotency-Key, in characters.
	MaxIdempotencyKey = 255
	// IdempotencyLife is how long Zendesk remembers an Idempotency-Key (secondary source).
	IdempotencyLife = 2 * time.Hour
	// MaxCommentBody is about the longest comment body, in characters.
	MaxCommentBody = 65_535
	// MaxTicketComments is the number of comments a ticket takes; the next one is refused with 422.
	MaxTicketComments = 5_000
	// UploadTokenLife is how long an upload token can be used.
	UploadTokenLife = 60 * time.Minute
	// UpdatesPerTicket is the number of updates one user may make to one ticket within UpdatesPerTicketWindow.
	UpdatesPerTicket = 30
	// UpdatesPerTicketWindow is the window of UpdatesPerTicket.
	UpdatesPerTicketWindow = 10 * time.Minute
	// UpdatesPerMinute is the number of ticket updates per minute of the whole account, those of people included.
	UpdatesPerMinute = 100
	// UserWritesPerSecond is the number of user creations and updates per second of the whole account.
	UserWritesPerSecond = 1
	// IncrementalPerMinute is the number of incremental-export requests per minute of the whole account.
	IncrementalPerMinute = 10
	// IncrementalDelay is the age a change must have before an incremental export shows it.
	IncrementalDelay = time.Minute
	// OffsetRecords is how far a list that is paged by number can be read.
	OffsetRecords = 10_000
	// DefaultTokenLife is assumed for an access token whose answer tells no expires_in.
	DefaultTokenLife = 30 * time.Minute
)

// pageSize is the largest page of the cursor-paged lists.
const pageSize = "100"
