package brazil

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// What can be found in a text.
type kind int

const (
	foundCNPJ kind = iota
	foundCPF
	foundCard
)

// found is a number in a text, from its first character to its last.
type found struct {
	kind     kind
	from, to int // bytes
}

// near is how far before a number a word may stand that says what it is, in bytes.
const near = 32

// wamid and a point begin the ids of WhatsApp's messages.
const wamid = "wamid"

// find lists the CNPJs, CPFs and cards of a text. It looks at every run of letters and digits once, and from there at a bounded
// stretch of text only.
func find(text string) []found {
	var list []found
	for i := 0; i < len(text); {
		if !word(text[i]) {
			i++
			continue
		}
		end := endOfRun(text, i)
		if strings.HasSuffix(text[i:end], wamid) && strings.HasPrefix(text[end:], ".") {
			i = endOfID(text, end+1)
			continue
		}
		f, next := findAt(text, i, end)
		if f.to > 0 {
			list = append(list, f)
		}
		i = next
	}
	return list
}

// findAt looks for a number that begins in the run of letters and digits from i to end, and says where to look on.
func findAt(text string, i, end int) (f found, next int) {
	for _, from := range starts(text, i, end) {
		at := place{text: text, from: from}
		if to := at.cnpj(); to > 0 {
			return found{foundCNPJ, from, to}, to
		}
		if to := at.cpf(); to > 0 {
			return found{foundCPF, from, to}, to
		}
		to, skip := at.card()
		if to > 0 {
			return found{foundCard, from, to}, to
		}
		if skip > end {
			return found{}, skip
		}
	}
	return found{}, end
}

// starts is where in a run a number may begin: at its beginning, after an escape such as %3D in an address, after the word that
// names the number, and where the digits at its end begin.
func starts(text string, i, end int) []int {
	list := []int{i}
	if i > 0 && text[i-1] == '%' && end-i > 2 {
		list[0] = i + 2
	}
	i = list[0]
	if len("cnpj") < end-i && strings.EqualFold(text[i:i+len("cnpj")], "cnpj") {
		list = append(list, i+len("cnpj"))
	}
	tail := end
	for tail > i && digit(text[tail-1]) {
		tail--
	}
	if tail > i && tail < end {
		list = append(list, tail)
	}
	return list
}

func word(c byte) bool { return digit(c) || letter(c) }

func endOfRun(text string, i int) int {
	for i < len(text) && word(text[i]) {
		i++
	}
	return i
}

// endOfID is where a message id ends: it is written in base64, common or for addresses.
func endOfID(text string, i int) int {
	for i < len(text) && (word(text[i]) || strings.IndexByte("+/=_-", text[i]) >= 0) {
		i++
	}
	return i
}

// place is a position in a text at which a number may begin.
type place struct {
	text string
	from int
}

// shape is how the characters of a number were written.
type shape struct {
	chars  string // without separators, in capitals
	marks  int    // separators with punctuation
	spaces int    // separators of spaces alone
	to     int    // where it ends; 0 when there are too few characters
}

// bare tells whether the number was written without separators.
func (s shape) bare() bool { return s.marks+s.spaces == 0 }

// read takes total characters that pass, with separators before those of the given positions, if at all.
func (p place) read(total int, passes func(byte) bool, before ...int) shape {
	var s shape
	chars := make([]byte, 0, lenCNPJ)
	i := p.from
	for n := range total {
		if len(before) > 0 && before[0] == n {
			before = before[1:]
			i = p.separator(i, &s)
		}
		if i >= len(p.text) || !passes(p.text[i]) {
			return shape{}
		}
		chars = append(chars, p.text[i])
		i++
	}
	s.chars, s.to = strings.ToUpper(string(chars)), i
	return s
}

// separator passes over a point, slash or dash with at most one space on either side, or over one space.
func (p place) separator(i int, s *shape) int {
	j := i + space(p.text[i:])
	r, n := utf8.DecodeRuneInString(p.text[j:])
	switch {
	case r == '.' || r == '/' || dash(r):
		s.marks++
		return j + n + space(p.text[j+n:])
	case j > i:
		s.spaces++
	}
	return j
}

// space is the length of the space that a text begins with, 0 when there is none.
func space(text string) int {
	if r, n := utf8.DecodeRuneInString(text); r == ' ' || r == '\u00a0' || r == '\u2009' || r == '\u202f' {
		return n
	}
	return 0
}

// cnpj is where the CNPJ ends that begins here, 0 when none does. Letters are only taken where no space alone divides the
// groups, or the words of a sentence would make one.
func (p place) cnpj() int {
	s := p.read(lenCNPJ, word, 2, 5, 8, 12)
	switch {
	case s.to == 0 || !ValidCNPJ(s.chars) || !p.stands(s.to):
		return 0
	case s.spaces > 0 && onlyDigits(s.chars) != s.chars:
		return 0
	case s.bare() && (!p.named("cnpj") && p.coded(s.to) || p.namedCard() && ValidCard(s.chars)):
		return 0
	}
	return s.to
}

// cpf is where the CPF ends that begins here, 0 when none does. Bare digits that could be a mobile phone, and those that begin
// with a plus sign, need the word CPF before them.
func (p place) cpf() int {
	s := p.read(lenCPF, digit, 3, 6, 9)
	switch {
	case s.to == 0 || !ValidCPF(s.chars):
		return 0
	case s.marks == 3: // the whole mask: letters may adjoin it
		if p.from > 0 && digit(p.text[p.from-1]) || s.to < len(p.text) && digit(p.text[s.to]) {
			return 0
		}
		return s.to
	case !p.stands(s.to):
		return 0
	case s.bare() && !p.named("cpf") && (mobileLike(s.chars) || p.international() || p.coded(s.to)):
		return 0
	}
	return s.to
}

// international tells whether a plus sign stands before the number.
func (p place) international() bool { return p.from > 0 && p.text[p.from-1] == '+' }

// stands tells whether no letter or digit adjoins the number that ends at to, nor one that was masked.
func (p place) stands(to int) bool { return p.beginsWord() && p.endsAt(to) }

// beginsWord tells whether no letter or digit stands right before the number. An escape of an address, and the word that names
// the number, are none.
func (p place) beginsWord() bool {
	before := p.text[:p.from]
	if n := len(before); n >= 3 && before[n-3] == '%' {
		return true
	}
	if !adjoins(utf8.DecodeLastRuneInString(before)) {
		return true
	}
	last := small(before[max(0, len(before)-len("cnpj")):])
	return (strings.HasSuffix(last, "cpf") || last == "cnpj") && (p.named("cpf") || p.named("cnpj"))
}

// endsAt tells whether no letter or digit stands right after the number.
func (p place) endsAt(to int) bool { return !adjoins(utf8.DecodeRuneInString(p.text[to:])) }

func adjoins(r rune, size int) bool {
	return size > 0 && (unicode.IsLetter(r) || unicode.IsDigit(r) || r == '_' || r == masked)
}

// coded tells whether the number that ends at to is a part of a code: joined to letters or digits by a hyphen, or to digits by a
// point or comma.
func (p place) coded(to int) bool {
	return p.codedBefore() || to < len(p.text) && joins(p.text[to], p.text[to+1:], utf8.DecodeRuneInString)
}

func (p place) codedBefore() bool {
	return p.from > 0 && joins(p.text[p.from-1], p.text[:p.from-1], utf8.DecodeLastRuneInString)
}

// joins tells whether a mark joins a number to the character that decode reads. One that was masked counts as what it was.
func joins(mark byte, text string, decode func(string) (rune, int)) bool {
	r, _ := decode(text)
	number := r == masked || r >= '0' && r <= '9'
	switch mark {
	case '-':
		return number || r < utf8.RuneSelf && letter(byte(r))
	case '.', ',':
		return number
	}
	return false
}

// named tells whether one of the words stands before the number, near, with no digit between.
func (p place) named(names ...string) bool {
	before := p.text[max(0, p.from-near):p.from]
	if i := strings.LastIndexFunc(before, func(r rune) bool { return unicode.IsDigit(r) || r == masked }); i >= 0 {
		_, size := utf8.DecodeRuneInString(before[i:])
		before = before[i+size:]
	}
	before = small(before)
	for _, name := range names {
		i := strings.LastIndex(before, name)
		if i < 0 {
			continue
		}
		head, _ := utf8.DecodeLastRuneInString(before[:i])
		tail, _ := utf8.DecodeRuneInString(strings.TrimPrefix(before[i+len(name):], "s"))
		if !unicode.IsLetter(head) && !unicode.IsLetter(tail) {
			return true
		}
	}
	return false
}

// small writes the letters A to Z in small. Other letters stay, so that the length in bytes does.
func small(s string) string {
	b := []byte(s)
	for i, c := range b {
		if c >= 'A' && c <= 'Z' {
			b[i] = c + ('a' - 'A')
		}
	}
	return string(b)
}
