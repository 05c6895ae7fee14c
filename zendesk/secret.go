package zendesk

import (
	"fmt"
	"io"
	"log/slog"
)

// masked is what stands in for a secret wherever one would be printed.
const masked = "***"

// Secret is a string that prints as ***, whatever the verb, the logger or the encoder. string(s) gives the true value.
type Secret string

// Format writes *** for every verb.
func (Secret) Format(f fmt.State, _ rune) { io.WriteString(f, masked) }

// LogValue gives *** to slog.
func (Secret) LogValue() slog.Value { return slog.StringValue(masked) }

// MarshalText gives *** to encoders, so that a dumped configuration tells nothing.
func (Secret) MarshalText() ([]byte, error) { return []byte(masked), nil }
