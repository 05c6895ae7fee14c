package provision

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/ponte-desk/ponte/bridge/settings"
	"github.com/ponte-desk/ponte/zendesk"
)

// mark is what Ponte leaves in the description of what it makes: what it is, and a print of its content as it was written, by which
// a change that people made later is known.
type mark struct{ what, print string }

// printLength is how many hexadecimal digits of a digest are kept.
const printLength = 12

// String is the mark as it stands in a description.
func (m mark) String() string { return "[ponte " + m.what + " " + m.print + "]" }

// describe is a whole description.
func (m mark) describe(l settings.Language) string {
	if l == settings.LanguageEN {
		return "Made by Ponte. " + m.String()
	}
	return "Criado pelo Ponte. " + m.String()
}

// marks is the form of a mark.
var marks = regexp.MustCompile(`\[ponte ([a-z0-9_.]+) ([0-9a-f]*)\]`)

// markIn finds a mark in a description.
func markIn(description string) (mark, bool) {
	found := marks.FindStringSubmatch(description)
	if found == nil {
		return mark{}, false
	}
	return mark{found[1], found[2]}, true
}

// printOf is the print of a content, whatever way its values are spelled in JSON.
func printOf(lines []string) string {
	sum := sha256.Sum256([]byte(strings.Join(lines, "\n")))
	return hex.EncodeToString(sum[:])[:printLength]
}

// macroPrint is the print of a macro's actions; neither their order nor a comment's channel "all" counts.
func macroPrint(actions []zendesk.MacroAction) string {
	lines := make([]string, len(actions))
	for i, a := range actions {
		lines[i] = a.Field + "=" + spelled(a.Value)
		if strings.HasPrefix(a.Field, "comment_value") { // Zendesk may put the channel in front
			lines[i] = a.Field + "=" + strings.TrimPrefix(spelled(a.Value), "channel:all\x00")
		}
	}
	slices.Sort(lines)
	return printOf(lines)
}

// rulePrint is the print of conditions and actions.
func rulePrint(c zendesk.RuleConditions, actions []zendesk.RuleAction) string {
	var lines []string
	for where, list := range map[string][]zendesk.RuleCondition{"all": c.All, "any": c.Any} {
		for _, one := range list {
			lines = append(lines, where+" "+one.Field+" "+one.Operator+" "+spelled(one.Value))
		}
	}
	for _, a := range actions {
		lines = append(lines, a.Field+"="+spelled(a.Value))
	}
	slices.Sort(lines)
	return printOf(lines)
}

// spelled writes a JSON value in one way: numbers, booleans and texts alike, lists item by item.
func spelled(raw json.RawMessage) string {
	var list []json.RawMessage
	if json.Unmarshal(raw, &list) == nil && list != nil {
		parts := make([]string, len(list))
		for i, item := range list {
			parts[i] = spelled(item)
		}
		return strings.Join(parts, "\x00")
	}
	var one any
	d := json.NewDecoder(strings.NewReader(string(raw)))
	d.UseNumber()
	if d.Decode(&one) != nil || one == nil {
		return ""
	}
	return fmt.Sprint(one)
}
