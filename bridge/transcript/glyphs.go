package transcript

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goitalic"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"golang.org/x/text/unicode/norm"
)

// face is one of the typefaces of a PDF.
type face int

const (
	regular face = iota
	bold
	italic
)

// faceBytes is the font files, in the order of the faces.
func faceBytes() [][]byte { return [][]byte{goregular.TTF, gobold.TTF, goitalic.TTF} }

// glyphs knows what the typefaces can show and how wide it is. It serves one document.
type glyphs struct {
	faces    []*sfnt.Font
	buffer   sfnt.Buffer
	widths   []map[rune]float64 // by face, in ems; below zero where the face lacks the character
	names    map[rune][2]string
	language int  // of the names
	replaced bool // something else stands for a character
}

func newGlyphs(language Language) (*glyphs, error) {
	g := &glyphs{names: emojiNames()}
	if language == English {
		g.language = 1
	}
	for _, raw := range faceBytes() {
		f, err := sfnt.Parse(raw)
		if err != nil {
			return nil, fmt.Errorf("parse font: %w", err)
		}
		g.faces = append(g.faces, f)
		g.widths = append(g.widths, make(map[rune]float64))
	}
	return g, nil
}

// advance is the width of a character in ems, below zero when the face lacks it.
func (g *glyphs) advance(f face, r rune) float64 {
	if w, ok := g.widths[f][r]; ok {
		return w
	}
	w := -1.0
	const ppem = 1000
	if i, err := g.faces[f].GlyphIndex(&g.buffer, r); err == nil && i != 0 {
		if a, err := g.faces[f].GlyphAdvance(&g.buffer, i, fixed.I(ppem), font.HintingNone); err == nil {
			w = float64(a) / 64 / ppem
		}
	}
	g.widths[f][r] = w
	return w
}

// has tells whether every face can show the character.
func (g *glyphs) has(r rune) bool {
	return r >= ' ' && g.advance(regular, r) >= 0 && g.advance(bold, r) >= 0 && g.advance(italic, r) >= 0
}

// shows tells whether every face can show the whole text.
func (g *glyphs) shows(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return !g.has(r) })
}

// missing stands for a character that cannot be shown.
const missing = "□"

// printable is a line in characters that the faces have: letters with their accents joined, ornamental letters made plain, emoji by
// name in brackets, "□" for what is left.
func (g *glyphs) printable(s string) string {
	var b strings.Builder
	r := []rune(norm.NFC.String(strings.ToValidUTF8(s, "\ufffd")))
	for i := 0; i < len(r); {
		end := clusterEnd(r, i)
		shown := g.cluster(r[i:end])
		count := 1
		for isName(shown) {
			next := clusterEnd(r, end)
			if next > len(r) || next == end || !slices.Equal(r[i:i+1], r[end:end+1]) || g.cluster(r[end:next]) != shown {
				break
			}
			end, count = next, count+1
		}
		if count > 1 {
			shown = strings.TrimSuffix(shown, "]") + " ×" + strconv.Itoa(count) + "]"
		}
		b.WriteString(shown)
		i = end
	}
	return b.String()
}

// isName tells whether a shown cluster is the name of an emoji.
func isName(s string) bool { return len(s) > 2 && s[0] == '[' }

// clusterEnd is where the characters end that are shown as one with that at i.
func clusterEnd(r []rune, i int) int {
	if i >= len(r) {
		return i
	}
	end := i + 1
	if regional(r[i]) {
		if end < len(r) && regional(r[end]) {
			end++
		}
		return end
	}
	for end < len(r) && !regional(r[end]) && within(r[end-1], r[end]) || end < len(r) && tag(r[end]) {
		end++
	}
	return end
}

// tag tells whether a character only spells out a variant of the flag before it.
func tag(r rune) bool { return r >= 0xe0020 && r <= 0xe007f }

// cluster is how characters that belong together are shown.
func (g *glyphs) cluster(r []rune) string {
	first := r[0]
	if first == '\t' {
		return "    "
	}
	if regional(first) {
		g.replaced = true
		return g.flag(r)
	}
	if unicode.In(first, unicode.M, unicode.Cf, unicode.Cc) {
		return ""
	}
	if g.has(first) { // marks that the letter could not take in are left out
		g.replaced = g.replaced || slices.ContainsFunc(r[1:], drawn)
		return string(first)
	}
	if name, ok := g.names[first]; ok {
		g.replaced = true
		return "[" + name[g.language] + "]"
	}
	if unicode.IsSpace(first) {
		return " "
	}
	if plain := norm.NFKC.String(string(first)); g.shows(plain) {
		return plain
	}
	g.replaced = true
	return missing
}

// drawn tells whether a character within a cluster would be seen.
func drawn(r rune) bool {
	return unicode.Is(unicode.M, r) && !unicode.Is(unicode.Variation_Selector, r)
}

// flag names the flag that two regional letters make.
func (g *glyphs) flag(r []rune) string {
	var letters []byte
	for _, c := range r {
		letters = append(letters, byte('A'+c-0x1f1e6))
	}
	return "[" + g.names['🏳'][g.language] + " " + string(letters) + "]"
}

// width is how wide a printable text is, in ems.
func (g *glyphs) width(f face, s string) float64 {
	w := 0.0
	for _, r := range s {
		w += max(0, g.advance(f, r))
	}
	return w
}

// wrap divides a printable text into lines of at most limit ems, between words where it can be.
func (g *glyphs) wrap(f face, s string, limit float64) []string {
	var lines []string
	r := []rune(s)
	start, space, w := 0, -1, 0.0
	for i := 0; i < len(r); i++ {
		if r[i] == ' ' && i > start {
			space = i
		}
		w += max(0, g.advance(f, r[i]))
		if w <= limit || i == start || r[i] == ' ' {
			continue
		}
		end := i
		if space > start {
			end = space
		}
		lines = append(lines, strings.TrimRight(string(r[start:end]), " "))
		for end < len(r) && r[end] == ' ' {
			end++
		}
		start, space, w = end, -1, 0
		i = end - 1
	}
	return append(lines, strings.TrimRight(string(r[start:]), " "))
}
