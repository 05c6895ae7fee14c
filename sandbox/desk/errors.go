package desk

import (
	"fmt"
	"net/http"
	"strconv"
	"time"
)

// apiError is an answer that is not a success, in the envelope of Zendesk's Ticketing API.
type apiError struct {
	status      int
	code        string
	description string
	details     map[string][]detail
	header      http.Header
}

type detail struct {
	Description string `json:"description"`
	Error       string `json:"error"`
}

// Error implements error.
func (e *apiError) Error() string {
	return fmt.Sprintf("%d %s: %s", e.status, e.code, e.description)
}

func (e *apiError) body() any {
	return struct {
		Error       string              `json:"error"`
		Description string              `json:"description,omitempty"`
		Details     map[string][]detail `json:"details,omitempty"`
	}{e.code, e.description, e.details}
}

func notFound() error {
	return &apiError{status: http.StatusNotFound, code: "RecordNotFound", description: "Not found"}
}

func badRequest(code, description string) error {
	return &apiError{status: http.StatusBadRequest, code: code, description: description}
}

// invalid is a 422 about one field; code is BlankValue, InvalidValue, DuplicateValue or TooLong.
func invalid(field, code, description string) error {
	return &apiError{
		status: http.StatusUnprocessableEntity, code: "RecordInvalid", description: "Record validation errors",
		details: map[string][]detail{field: {{Description: description, Error: code}}},
	}
}

func forbidden(description string) error {
	return &apiError{status: http.StatusForbidden, code: "Forbidden", description: description}
}

func unauthorized() error {
	return &apiError{
		status: http.StatusUnauthorized, code: "invalid_token",
		description: "The access token provided is expired, revoked, malformed or invalid for other reasons.",
		header:      http.Header{"Www-Authenticate": {`Bearer error="invalid_token"`}},
	}
}

func conflict(description string) error {
	return &apiError{status: http.StatusConflict, code: "UpdateConflict", description: description}
}

func tooMany(code, description string, wait time.Duration) error {
	secs := int((wait + time.Second - 1) / time.Second)
	return &apiError{
		status: http.StatusTooManyRequests, code: code, description: description,
		header: http.Header{"Retry-After": {strconv.Itoa(max(secs, 1))}},
	}
}
