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
	maxBatch          = 1000

	maxImage    = 5 << 20
	maxAudio    = 16 << 20
	maxVideo    = 16 << 20
	maxSticker  = 500 << 10
	maxDocument = 100 << 20

	serviceWindow    = 24 * time.Hour
	typingLife       = 25 * time.Second
	mediaLinkLife    = 5 * time.Minute
	inboundMediaLife = 7 * 24 * time.Hour
	uploadLife       = 30 * 24 * time.Hour
	readLife         = 30 * 24 * time.Hour
	quoteLife        = 30 * 24 * time.Hour
	retryLife        = 7 * 24 * time.Hour
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
)
