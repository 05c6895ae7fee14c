package whatsapp

import "net/http"

// NoCode stands for the code of an error that has none; 0 is a code of its own.
const NoCode = -1

// Error codes that are named because something depends on them, here or in the texts for agents.
//
// Source: https://developers.facebook.com/documentation/business-messaging/whatsapp/support/error-codes
const (
	CodeTokenExpired        = 190
	CodePolicyBlock         = 368
	CodeBlockedByUs         = 130403
	CodeRateLimit           = 130429
	CodeExperiment          = 130472
	CodeCountryRestricted   = 130497
	CodeRecipientIsSender   = 131021
	CodeUndeliverable       = 131026
	CodeAccountLocked       = 131031
	CodeDisplayName         = 131037
	CodePayment             = 131042
	CodeCertificate         = 131045
	CodeReengagement        = 131047
	CodeSpamRate            = 131048
	CodeEcosystem           = 131049
	CodeOptOut              = 131050
	CodeUnsupportedType     = 131051
	CodeMediaDownload       = 131052
	CodeMediaUpload         = 131053
	CodePairRate            = 131056
	CodeMaintenance         = 131057
	CodeUnavailable         = 131060
	CodeUserIDRefused       = 131062
	CodeTemplateRate        = 131064
	CodeTemplateParameters  = 132000
	CodeTemplateMissing     = 132001
	CodeTemplatePaused      = 132015
	CodeTemplateDisabled    = 132016
	CodeNumberNotRegistered = 133010
)

// Class groups errors by what is to be done about them.
type Class string

// The classes of errors.
const (
	// ClassTransient passes by itself: retry with backoff.
	ClassTransient Class = "transient"
	// ClassThrottledNumber slows the number down, or the app.
	ClassThrottledNumber Class = "throttled_number"
	// ClassThrottledRecipient slows down what goes to one customer.
	ClassThrottledRecipient Class = "throttled_recipient"
	// ClassNeedsTemplate means that the service window is closed.
	ClassNeedsTemplate Class = "needs_template"
	// ClassUndeliverable means that this customer cannot be reached.
	ClassUndeliverable Class = "undeliverable"
	// ClassOurBug means that the request was wrong.
	ClassOurBug Class = "our_bug"
	// ClassMedia is about a file.
	ClassMedia Class = "media"
	// ClassMarketing means that WhatsApp or the customer wants no marketing now.
	ClassMarketing Class = "marketing"
	// ClassTemplate is about a message template.
	ClassTemplate Class = "template"
	// ClassAuth is about the access token or its permissions.
	ClassAuth Class = "auth"
	// ClassAccount is about the business account or the number.
	ClassAccount Class = "account"
	// ClassUnknown is any other error.
	ClassUnknown Class = "unknown"
)

// Classify returns the class of an error from its code, or NoCode, and the HTTP status it came with, or 0 in a webhook.
//
// A code that is not known is judged by the HTTP status: 408 and 5xx are transient, 429 is a throttled number, 401 is about
// the token, the rest is unknown and not to be retried.
//
// Source: https://developers.facebook.com/documentation/business-messaging/whatsapp/support/error-codes
func Classify(code, httpStatus int) Class {
	switch code {
	case 1, 2, 131000, 131016, CodeMaintenance, 133004:
		return ClassTransient
	case 4, 80007, CodeRateLimit, CodeSpamRate, CodeTemplateRate:
		return ClassThrottledNumber
	case CodePairRate:
		return ClassThrottledRecipient
	case CodeReengagement:
		return ClassNeedsTemplate
	case 33, CodeBlockedByUs, CodeRecipientIsSender, CodeUndeliverable:
		return ClassUndeliverable
	case 100, 131008, 131009, CodeUnsupportedType, CodeUserIDRefused, 135000:
		return ClassOurBug
	case CodeMediaDownload, CodeMediaUpload:
		return ClassMedia
	case CodeExperiment, CodeEcosystem, CodeOptOut, 131063:
		return ClassMarketing
	case CodeTemplateParameters, CodeTemplateMissing, 132005, 132007, 132012, CodeTemplatePaused, CodeTemplateDisabled, 132018, 132068, 132069:
		return ClassTemplate
	case 0, 3, 10, CodeTokenExpired, 131005:
		return ClassAuth
	case CodePolicyBlock, CodeCountryRestricted, CodeAccountLocked, CodeDisplayName, CodePayment, CodeCertificate, CodeNumberNotRegistered, 134011:
		return ClassAccount
	}
	if code >= 200 && code <= 299 {
		return ClassAuth
	}
	return classifyStatus(httpStatus)
}

func classifyStatus(httpStatus int) Class {
	switch {
	case httpStatus >= http.StatusInternalServerError, httpStatus == http.StatusRequestTimeout:
		return ClassTransient
	case httpStatus == http.StatusTooManyRequests:
		return ClassThrottledNumber
	case httpStatus == http.StatusUnauthorized:
		return ClassAuth
	}
	return ClassUnknown
}

// Scope is how much of the traffic an error concerns.
type Scope string

// The scopes of an error.
const (
	// ScopeMessage is the one message.
	ScopeMessage Scope = "message"
	// ScopeRecipient is everything that goes to the customer.
	ScopeRecipient Scope = "recipient"
	// ScopeLane is everything that the number sends.
	ScopeLane Scope = "lane"
)

// Verdict tells what to do about an error.
type Verdict struct {
	Class Class
	// Retry says that the same request may succeed later, without anybody doing something.
	Retry bool
	// Scope is what has to wait: for the retry, or for a person when Retry is false and the scope is the lane.
	Scope Scope
	// Loud says that somebody is to be alarmed.
	Loud bool
	// Advice is what the agent reads, in Brazilian Portuguese, with the way out.
	Advice string
}

// Judge returns what to do about an error with a code, or NoCode, and an HTTP status, or 0 in a webhook.
func Judge(code, httpStatus int) Verdict {
	v := Classify(code, httpStatus).verdict()
	if code == CodeSpamRate || code == CodeTemplateRate {
		v.Loud = true
	}
	if own := codeAdvice(code); own != "" {
		v.Advice = own
	}
	return v
}

func (c Class) verdict() Verdict {
	v := Verdict{Class: c, Scope: ScopeMessage, Advice: c.Advice()}
	switch c {
	case ClassTransient:
		v.Retry = true
	case ClassThrottledNumber:
		v.Retry, v.Scope = true, ScopeLane
	case ClassThrottledRecipient:
		v.Retry, v.Scope = true, ScopeRecipient
	case ClassAuth, ClassAccount:
		v.Scope, v.Loud = ScopeLane, true
	case ClassNeedsTemplate, ClassUndeliverable, ClassOurBug, ClassMedia, ClassMarketing, ClassTemplate, ClassUnknown:
	}
	return v
}
