package whatsapp

import "time"

// Limits of message bodies, in UTF-16 units unless noted: Meta says "characters" and does not tell how it counts, and this is the
// count that is never too small.
//
// Sources, below https://developers.facebook.com/documentation/business-messaging/whatsapp/messages/: text-messages,
// interactive-reply-buttons-messages, interactive-list-messages and send-messages.
const (
	MaxText         = 4096
	MaxCaption      = 1024
	MaxCallbackData = 512

	MaxButtons     = 3 // at least one
	MaxButtonBody  = 1024
	MaxButtonTitle = 20
	MaxButtonID    = 256

	MaxHeader = 60
	MaxFooter = 60

	MaxListBody        = 4096
	MaxListButton      = 20
	MaxListSections    = 10
	MaxListRows        = 10 // in all sections together
	MaxListSection     = 24
	MaxListRowID       = 200
	MaxListRowTitle    = 24
	MaxListDescription = 72

	MaxTemplateName = 512
)

// Limits of files, in bytes.
//
// Source: https://developers.facebook.com/documentation/business-messaging/whatsapp/business-phone-numbers/media
const (
	MaxImage           = 5 << 20
	MaxAudio           = 16 << 20
	MaxVideo           = 16 << 20
	MaxDocument        = 100 << 20
	MaxStickerStatic   = 100 << 10
	MaxStickerAnimated = 500 << 10
)

// How long Meta keeps files and addresses.
//
// Source: https://developers.facebook.com/documentation/business-messaging/whatsapp/business-phone-numbers/media
const (
	MediaURLLife      = 5 * time.Minute
	InboundMediaLife  = 7 * 24 * time.Hour
	UploadedMediaLife = 30 * 24 * time.Hour
)

// Windows and rates.
//
// Sources: https://developers.facebook.com/documentation/business-messaging/whatsapp/messages/send-messages,
// https://developers.facebook.com/documentation/business-messaging/whatsapp/throughput and
// https://developers.facebook.com/documentation/business-messaging/whatsapp/about-the-platform
const (
	// ServiceWindow opens with each message or call of the customer; outside it only templates are delivered.
	ServiceWindow = 24 * time.Hour
	// EntryPointWindow follows a click on an advertisement that we answered within ServiceWindow.
	EntryPointWindow = 72 * time.Hour
	// NumberRate is how many messages a second a number may send and receive; CoexistenceRate for one that is also used in the app.
	NumberRate      = 80
	CoexistenceRate = 20
	// PairInterval is the steady pace to one customer; PairBurst messages may go at once, borrowed from the future.
	PairInterval = 6 * time.Second
	PairBurst    = 45
	// UpdatesPerWebhook and WebhookBytes are the most that one webhook holds.
	UpdatesPerWebhook = 1000
	WebhookBytes      = 3 << 20
)

// maxPairBackoff is well beyond the time in which the quota for a customer is whole again.
const maxPairBackoff = time.Hour

// PairBackoff returns how long to wait before another message to a customer for whom the platform answered CodePairRate: 4^attempt
// seconds, at most an hour. The first attempt is 0.
//
// Source: https://developers.facebook.com/documentation/business-messaging/whatsapp/about-the-platform
func PairBackoff(attempt int) time.Duration {
	wait := time.Second
	for range attempt {
		if wait *= 4; wait >= maxPairBackoff {
			return maxPairBackoff
		}
	}
	return wait
}
