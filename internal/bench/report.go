package bench

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
)

// Row is a row of the table of numbers to hold.
type Row int

// The rows, in the order of the table.
const (
	RowRate    Row = iota + 1 // stored webhooks per second, and against the comparator
	RowLatency                // how long an answer takes
	RowCPU                    // time of the processors per stored message
	RowMemory                 // resident memory after the run
	RowBatch                  // one webhook with 1,000 updates
	RowOnce                   // the same messages over several connections at once
	RowWorkers                // with workers and the simulated peers
	RowAudit                  // auditing many conversations without doing anything
	RowThreads                // many open conversations: memory, and the rate beside them
	RowLive                   // messages to agents' screens, replies to WhatsApp

	rowLast = RowLive
)

// Line is one figure.
type Line struct {
	Row      Row     `json:"row"`
	What     string  `json:"what"`
	Target   *Target `json:"target,omitempty"` // nil: told without being judged
	Measured float64 `json:"measured"`
	Unit     string  `json:"unit,omitempty"`
	Note     string  `json:"note,omitempty"`
}

// Target is what a figure should be.
type Target struct {
	Sense Sense   `json:"sense"`
	Value float64 `json:"value"`
}

// Sense says on which side of a target a figure should be.
type Sense string

// The senses.
const (
	AtLeast Sense = ">="
	AtMost  Sense = "<="
	Exactly Sense = "="
)

func atLeast(v float64) *Target { return &Target{AtLeast, v} }
func atMost(v float64) *Target  { return &Target{AtMost, v} }
func exactly(v float64) *Target { return &Target{Exactly, v} }

// meets tells whether a figure holds the target.
func (t Target) meets(measured float64) bool {
	switch t.Sense {
	case AtLeast:
		return measured >= t.Value
	case AtMost:
		return measured <= t.Value
	case Exactly:
		return measured == t.Value
	}
	return false
}

// verdict is "ok", or by how much the target is missed.
func (l Line) verdict() string {
	switch {
	case l.Target == nil:
		return ""
	case l.Target.meets(l.Measured):
		return "ok"
	case l.Target.Value == 0:
		return "missed"
	}
	return fmt.Sprintf("missed by %.0f %%", math.Ceil(math.Abs(l.Measured-l.Target.Value)/l.Target.Value*100))
}

// Summary is everything that was measured.
type Summary struct {
	Machine     Machine  `json:"machine"`
	Rounds      int      `json:"rounds"`
	Seconds     float64  `json:"seconds_per_round"`
	Connections int      `json:"connections"`
	Lines       []Line   `json:"lines"`
	Problems    []string `json:"problems"` // what must never happen: an answer without a stored message, or the reverse
}

// quantity writes a figure with as many decimals as it deserves and thousands apart.
func quantity(v float64, unit string) string {
	decimals := 0
	switch {
	case v == math.Trunc(v):
	case math.Abs(v) < 10:
		decimals = 2
	case math.Abs(v) < 100:
		decimals = 1
	}
	digits := strconv.FormatFloat(v, 'f', decimals, 64)
	whole, fraction, _ := strings.Cut(digits, ".")
	sign := strings.TrimRight(whole, "0123456789")
	whole = whole[len(sign):]
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	out := sign + whole
	if fraction != "" {
		out += "." + fraction
	}
	if unit != "" {
		out += " " + unit
	}
	return out
}

const lineWidth = 100

// printHead writes what was measured on, before the first figure.
func (s Summary) printHead(w io.Writer) {
	m := s.Machine
	memory := ""
	if m.Memory > 0 {
		memory = fmt.Sprintf("%.0f GB, ", float64(m.Memory)/(1<<30))
	}
	fmt.Fprintf(w, "ponte bench: %d cores, %s%s, Go %s, Redis %s\n", m.Cores, memory, m.System, m.Go, m.Redis)
	fmt.Fprintf(w, "%d rounds of %s s at %d connections, on this machine together with Redis and the load\n\n",
		s.Rounds, quantity(s.Seconds, ""), s.Connections)
	fmt.Fprintf(w, "%2s  %-50s %12s %12s\n", "", "", "target", "measured")
}

// print writes a figure.
func (l Line) print(w io.Writer) {
	target := ""
	if l.Target != nil {
		target = string(l.Target.Sense) + " " + quantity(l.Target.Value, l.Unit)
	}
	line := fmt.Sprintf("%2d  %-50s %12s %12s  %s", l.Row, l.What, target, quantity(l.Measured, l.Unit), l.verdict())
	fmt.Fprintln(w, strings.TrimRight(line, " "))
	if l.Note != "" {
		for _, part := range wrap(l.Note, lineWidth-6) {
			fmt.Fprintf(w, "      %s\n", part)
		}
	}
}

// wrap breaks a text into lines of at most width characters where it can.
func wrap(text string, width int) []string {
	var lines []string
	line := ""
	for word := range strings.FieldsSeq(text) {
		switch {
		case line == "":
			line = word
		case len([]rune(line))+1+len([]rune(word)) <= width:
			line += " " + word
		default:
			lines, line = append(lines, line), word
		}
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}

// printEnd writes the sum of it.
func (s Summary) printEnd(w io.Writer) {
	judged, missed := 0, 0
	for _, l := range s.Lines {
		if l.Target == nil {
			continue
		}
		judged++
		if !l.Target.meets(l.Measured) {
			missed++
		}
	}
	fmt.Fprintf(w, "\n%d of %d targets met\n", judged-missed, judged)
	for _, p := range s.Problems {
		fmt.Fprintf(w, "WRONG: %s\n", p)
	}
}

// writeJSON writes the summary for programs.
func (s Summary) writeJSON(w io.Writer) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	return enc.Encode(s)
}
