package whatsapp

import (
	"fmt"
	"io"
	"log/slog"
)

// Secret is a text that no log, error or answer shows. Convert it to string where it is used.
//
// Package fmt asks no methods of unexported fields: keep a Secret in exported ones only, and never as the key of a map.
type Secret string

const masked = "***"

// String hides the secret.
func (Secret) String() string { return masked }

// Format hides the secret from every verb of package fmt.
func (Secret) Format(s fmt.State, _ rune) { io.WriteString(s, masked) }

// MarshalJSON hides the secret.
func (Secret) MarshalJSON() ([]byte, error) { return []byte(`"` + masked + `"`), nil }

// MarshalText hides the secret from other encoders.
func (Secret) MarshalText() ([]byte, error) { return []byte(masked), nil }

// LogValue hides the secret from package slog.
func (Secret) LogValue() slog.Value { return slog.StringValue(masked) }
