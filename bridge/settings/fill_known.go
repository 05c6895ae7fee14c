package settings

import (
	"maps"
	"slices"
	"strings"
)

// FillKnown is Fill for a text that a person reads over before it is sent: a variable without a value stands as it is, and is told in
// missing, each once, in the order of the text.
func FillKnown(text string, values map[string]string) (filled string, missing []string) {
	values = maps.Clone(values)
	if values == nil {
		values = map[string]string{}
	}
	for _, name := range variable.FindAllString(text, -1) {
		if strings.TrimSpace(values[name]) == "" {
			values[name] = name
			missing = append(missing, name)
		}
	}
	return Fill(text, values), slices.Clip(missing)
}
