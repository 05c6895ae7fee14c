package graph

import "time"

// Limits of the Cloud API, from Meta's pages "Send messages", "Media", "Interactive messages" and "Webhooks".
const (
	maxText           = 4096
	maxCaption        = 1024
	maxCallback       = 512
	maxButtonBody     = 1024
	maxListBody       = 4096
	maxHeader         = 60
	maxFooter         = 60
	maxButtons        = 3
	maxButtonID       = 256
	maxButtonTitle    = 20
	maxSections       = 10
	maxRows           = 10
	maxSectionTitle   = 24
	maxRowID          = 200
	maxRowTitle       = 24
	maxRowDescription = 72
	maxTemplateName   = 512
	maxTemplateBody   = 1024
	maxTemplates      = 250
	maxPage           = 100
	sniffed           = 512 // bytes of a file that tell its type
	maxBatch          = 1000

	maxImage    = 5 << 20
	maxAudio    = 16 << 20
	maxVideo    = 16 << 20
	maxSticker  = 500 << 10 // an animated one
	maxStill    = 100 << 10 // a sticker that does not move
	maxDocument = 100 << 20

	serviceWindow    = 24 * time.Hour
	typingLife       = 25 * time.Second
	mediaLinkLife    = 5 * time.Minute
	inboundMediaLife = 7 * 24 * time.Hour
	uploadLife       = 30 * 24 * time.Hour
	readLife         = 30 * 24 * time.Hour
	quoteLife        = 30 * 24 * time.Hour
	retryLife        = 7 * 24 * time.Hour
	editLife         = 15 * time.Minute
	revokeLife       = 2 * 24 * time.Hour
	undeliveredLife  = 30 * 24 * time.Hour
	codeLife         = 10 * time.Minute // of undelivered authentication templates
	phoneShownFor    = 30 * 24 * time.Hour
	adAnswerWithin   = 24 * time.Hour
	adWindow         = 72 * time.Hour
)

// Rates, from the pages "Throughput" and "About the platform".
const (
	throughput   = 80 // messages a second and number, in and out
	pairInterval = 6 * time.Second
	pairBurst    = 45
)

// How long the simulated network takes.
const (
	sentAfter      = 300 * time.Millisecond
	deliveredAfter = 500 * time.Millisecond // after sent
	readAfter      = 700 * time.Millisecond // after delivered, on a phone that reads by itself
	webhookTimeout = 10 * time.Second
	shuffleWithin  = 2 * time.Second
	firstPause     = 10 * time.Second
	longestPause   = 12 * time.Hour
	reviewedAfter  = 5 * time.Second // a new template
	ringsFor       = 20 * time.Second
)
