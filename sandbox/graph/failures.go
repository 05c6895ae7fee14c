package graph

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// Error codes the simulator answers by itself.
const (
	codeParameter    = 100
	codeToken        = 190
	codePath         = 2500
	codeThroughput   = 130429
	codeUndelivered  = 131026
	codeMissing      = 131008
	codeInvalid      = 131009
	codeSelf         = 131021
	codeWindow       = 131047
	codeStopped      = 131050
	codeType         = 131051
	codeTooLarge     = 131052
	codeUpload       = 131053
	codePair         = 131056
	codeUnavailable  = 131060
	codeNeedsPhone   = 131062
	codeTemplateVars = 132000
	codeTemplate     = 132001
	codeTooLong      = 132005
	codeFormat       = 132012
	codePaused       = 132015
	codeDisabled     = 132016
	codeTemplateText = 132018
	codeInternal     = 131000
	subcodeObject    = 33
)

const windowDetails = "Message failed to send because more than 24 hours have passed since the customer last replied to this number."

const errorsHref = "/documentation/business-messaging/whatsapp/support/error-codes"

// failure describes one error code of Meta's page "Error codes".
type failure struct {
	code   int
	status int  // of an HTTP answer, 0 is 400
	late   bool // usually comes as a failed status, after the message was accepted
	title  string
}

// failures is the table of the documented codes.
var failures = []failure{
	{code: 0, status: http.StatusUnauthorized, title: "AuthException"},
	{code: 1, status: http.StatusInternalServerError, title: "API Unknown"},
	{code: 2, status: http.StatusServiceUnavailable, title: "API Service"},
	{code: 3, status: http.StatusInternalServerError, title: "API Method"},
	{code: 4, title: "API Too Many Calls"},
	{code: 10, status: http.StatusForbidden, title: "Permission Denied"},
	{code: 33, title: "Parameter value is not valid"},
	{code: codeParameter, title: "Invalid parameter"},
	{code: codeToken, status: http.StatusUnauthorized, title: "Access token has expired"},
	{code: 368, status: http.StatusForbidden, title: "Temporarily blocked for policies violations"},
	{code: 80007, title: "Rate limit issues"},
	{code: 130403, late: true, title: "User is blocked"},
	{code: codeThroughput, title: "Rate limit hit"},
	{code: 130472, late: true, title: "User's number is part of an experiment"},
	{code: 130497, late: true, status: http.StatusForbidden, title: "Business account is restricted from messaging users in this country"},
	{code: codeInternal, late: true, status: http.StatusInternalServerError, title: "Something went wrong"},
	{code: 131005, status: http.StatusForbidden, title: "Access denied"},
	{code: codeMissing, title: "Required parameter is missing"},
	{code: codeInvalid, title: "Parameter value is not valid"},
	{code: 131016, status: http.StatusServiceUnavailable, title: "Service unavailable"},
	{code: codeSelf, title: "Recipient cannot be sender"},
	{code: codeUndelivered, late: true, title: "Message undeliverable"},
	{code: 131031, status: http.StatusForbidden, title: "Account has been locked"},
	{code: 131037, late: true, title: "Display name approval is needed"},
	{code: 131042, late: true, title: "Business eligibility payment issue"},
	{code: 131045, status: http.StatusInternalServerError, title: "Incorrect certificate"},
	{code: codeWindow, late: true, title: "Re-engagement message"},
	{code: 131048, late: true, title: "Spam rate limit hit"},
	{code: 131049, late: true, title: "Message not delivered to maintain healthy ecosystem engagement"},
	{code: codeStopped, late: true, title: "User has stopped marketing messages"},
	{code: codeType, title: "Unsupported message type"},
	{code: codeTooLarge, late: true, title: "Media download error"},
	{code: codeUpload, late: true, title: "Media upload error"},
	{code: codePair, title: "Pair rate limit hit"},
	{code: 131057, title: "Account in maintenance mode"},
	{code: codeNeedsPhone, title: "Message type needs a phone number"},
	{code: 131063, late: true, title: "Marketing message not allowed"},
	{code: 131064, title: "Template classification limit hit"},
	{code: codeTemplateVars, title: "Template param count mismatch"},
	{code: codeTemplate, status: http.StatusNotFound, title: "Template does not exist"},
	{code: codeTooLong, title: "Template hydrated text too long"},
	{code: 132007, title: "Template format character policy violated"},
	{code: codeFormat, title: "Template parameter format mismatch"},
	{code: codePaused, title: "Template is paused"},
	{code: codeDisabled, title: "Template is disabled"},
	{code: codeTemplateText, title: "Template parameters are not valid"},
	{code: 132068, title: "Flow is blocked"},
	{code: 132069, title: "Flow is throttled"},
	{code: 133004, status: http.StatusServiceUnavailable, title: "Server temporarily unavailable"},
	{code: 133010, title: "Phone number not registered"},
	{code: 134011, title: "Payments terms not accepted"},
	{code: 135000, title: "Generic user error"},
}

func failureOf(code int) (failure, bool) {
	if code >= 200 && code <= 299 {
		return failure{code: code, status: http.StatusForbidden, title: "API Permission"}, true
	}
	for _, f := range failures {
		if f.code == code {
			return f, true
		}
	}
	return failure{}, false
}

// chosenFailure returns the failure a recipient's number stands for, and whether it comes as a failed status.
func chosenFailure(digits string) (f failure, late, ok bool) {
	rest, brazil := strings.CutPrefix(digits, "55")
	if !brazil || len(rest) != 11 || rest[2] != '9' {
		return failure{}, false, false
	}
	code, err := strconv.Atoi(rest[3:])
	if err != nil {
		return failure{}, false, false
	}
	if f, ok = failureOf(code); !ok {
		return failure{}, false, false
	}
	switch rest[:2] {
	case "11":
		return f, f.late, true
	case "21":
		return f, false, true
	case "22":
		return f, f.code != 0, true // a failed status without code would say nothing
	}
	return failure{}, false, false
}

// failureFor returns the failure a recipient stands for: the one that was set for the customer, or that of the number.
func failureFor(to recipient) (f failure, late, ok bool) {
	if c := to.customer; c != nil && c.FailCode != 0 {
		f, ok = failureOf(c.FailCode)
		late = f.late
		if c.FailWay != "" {
			late = c.FailWay == wayStatus
		}
		return f, late, ok
	}
	return chosenFailure(to.phone())
}

// ErrorCount says how often the business was told of an error.
type ErrorCount struct {
	Code  int    `json:"code"`
	Way   string `json:"way"` // answer or status
	Count int    `json:"count"`
}

// Errors returns how often the business was told of which error, sorted by code and way.
func (s *Server) Errors() []ErrorCount {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make([]ErrorCount, 0, len(s.failed))
	for e, n := range s.failed {
		e.Count = n
		out = append(out, e)
	}
	slices.SortFunc(out, func(a, b ErrorCount) int {
		return cmp.Or(cmp.Compare(a.Code, b.Code), cmp.Compare(a.Way, b.Way))
	})
	return out
}

// ResetErrors forgets what Errors counts.
func (s *Server) ResetErrors() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.failed)
}

// apiError is an error answered to a call.
type apiError struct {
	code, subcode int
	message       string // "" is the code's title
	details       string
}

// Error implements error.
func (e *apiError) Error() string {
	return strconv.Itoa(e.code) + ": " + cmp.Or(e.details, e.message)
}

func (e *apiError) status() int {
	f, _ := failureOf(e.code)
	return cmp.Or(f.status, http.StatusBadRequest)
}

type errorBody struct {
	Error errorFields `json:"error"`
}

type errorFields struct {
	Message string     `json:"message"`
	Type    string     `json:"type"`
	Code    int        `json:"code"`
	Subcode int        `json:"error_subcode,omitempty"`
	Data    *errorData `json:"error_data,omitempty"`
	Trace   string     `json:"fbtrace_id"`
}

type errorData struct {
	Product string `json:"messaging_product,omitempty"`
	Details string `json:"details"`
}

func (e *apiError) body(trace string) errorBody {
	f, _ := failureOf(e.code)
	out := errorFields{
		Message: "(#" + strconv.Itoa(e.code) + ") " + cmp.Or(e.message, f.title), Type: "OAuthException",
		Code: e.code, Subcode: e.subcode, Trace: trace,
	}
	if e.code == codeToken || e.subcode != 0 {
		out.Message = e.message
	}
	if e.details != "" {
		out.Data = &errorData{Product: "whatsapp", Details: e.details}
	}
	return errorBody{Error: out}
}

// The errors of one parameter.

func missing(param string) *apiError {
	return &apiError{code: codeMissing, details: "Parameter '" + param + "' is mandatory"}
}

func invalid(details string) *apiError {
	return &apiError{code: codeInvalid, details: details}
}

func badParameter(message string) *apiError {
	return &apiError{code: codeParameter, message: message, details: message}
}
