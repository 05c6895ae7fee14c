package classify

import (
	"slices"
	"strings"
	"unicode"

	"github.com/ponte-desk/ponte/bridge/brazil"
	"github.com/ponte-desk/ponte/bridge/conversation"
)

// mostTitle is how many characters of the customer's words become a title.
const mostTitle = 100

// BadTitle tells whether a ticket's title says nothing of what it was about: it is empty, the default, the contact's name, a mere
// courtesy, digits alone, or made of words that any ticket could have. An error with its number says what it was about.
func BadTitle(title, contact, standard string) bool {
	plain := conversation.PlainWords(title)
	joined := strings.Join(plain, " ")
	switch {
	case len(plain) == 0, conversation.Courtesy(title):
		return true
	case joined == strings.Join(conversation.PlainWords(contact), " "), joined == strings.Join(conversation.PlainWords(standard), " "):
		return true
	}
	return !slices.ContainsFunc(plain, telling) && !numberedError(plain)
}

// numberedError tells whether a title names an error by its number.
func numberedError(plain []string) bool {
	return slices.ContainsFunc(plain, func(word string) bool { return word == "erro" || word == "erros" || word == "error" }) &&
		slices.ContainsFunc(plain, func(word string) bool {
			return len(word) > 1 && !strings.ContainsFunc(word, func(r rune) bool { return !unicode.IsDigit(r) })
		})
}

// telling tells whether a word says what something is about.
func telling(word string) bool {
	if !strings.ContainsFunc(word, unicode.IsLetter) || slices.Contains(hollow(), word) {
		return false
	}
	runes := []rune(word)
	return slices.ContainsFunc(runes, func(r rune) bool { return r != runes[0] }) // not "aaaa" or "x"
}

// hollow are the words that a title may have without saying anything.
func hollow() []string {
	return []string{
		"a", "o", "e", "de", "do", "da", "dos", "das", "em", "no", "na", "via", "com", "para", "por", "pelo", "pela", "um", "uma", "eu", "me", "que", "oi", "ola", "alo",
		"bom", "boa", "dia", "tarde", "noite", "tudo", "bem", "teste", "test", "testando", "whatsapp", "whats", "zap", "wpp", "atendimento", "atendimentos", "iniciado",
		"conversa", "conversation", "started", "on", "with", "ticket", "chamado", "suporte", "support", "cliente", "contato", "duvida", "duvidas", "ajuda", "help",
		"problema", "solicitacao", "sem", "assunto", "titulo", "novo", "nova", "mensagem", "chat", "winthor", "erro", "preciso", "gostaria", "favor", "prezados", "prezado",
		"quero", "falar", "atendente", "alguem", "ai", "hello", "hi", "ok", "obrigado", "obrigada", "senhores", "caros", "amigo", "amiga", "pessoal",
	}
}

// title is what the attendance was about: as it was said at the end, as the menu was answered, else in the customer's own words.
func (j *judge) title() string {
	for _, have := range []string{j.c.Subject, j.c.Choice} {
		if !BadTitle(have, j.c.Contact, j.set.Subject) {
			return have
		}
	}
	for _, s := range j.c.Steps {
		if s.Kind != StepCustomer || s.Courtesy {
			continue
		}
		for _, sentence := range sentences(s.Text) {
			if substantial(sentence) && !BadTitle(sentence, j.c.Contact, j.set.Subject) {
				m := j.set.Mask
				return shorten(brazil.Mask(sentence, brazil.MaskOptions{CPF: m.CPF, Cards: m.Cards, CNPJ: m.CNPJ}))
			}
		}
	}
	return ""
}

// sentences divides a text; greetings before the matter are left out.
func sentences(text string) []string {
	var list []string
	start := 0
	runes := []rune(text)
	for i, r := range runes {
		ends := r == '\n' || strings.ContainsRune(".!?", r) && (i+1 == len(runes) || unicode.IsSpace(runes[i+1]))
		if !ends {
			continue
		}
		list = append(list, ungreeted(string(runes[start:i+1])))
		start = i + 1
	}
	return append(list, ungreeted(string(runes[start:])))
}

// ungreeted is a sentence without the greeting before its first comma.
func ungreeted(sentence string) string {
	sentence = strings.TrimSpace(sentence)
	for {
		before, after, ok := strings.Cut(sentence, ",")
		if !ok || slices.ContainsFunc(conversation.PlainWords(before), telling) {
			return strings.TrimRight(sentence, ".! \n")
		}
		sentence = strings.TrimSpace(after)
	}
}

// substantial tells whether a sentence is more than a word, a company's number or an address.
func substantial(sentence string) bool {
	fields := strings.Fields(sentence)
	n := 0
	for _, f := range fields {
		if strings.Contains(f, "@") || strings.Contains(f, "://") {
			continue
		}
		if slices.ContainsFunc(conversation.PlainWords(f), telling) {
			n++
		}
	}
	return (n >= 2 || n == 1 && len(fields) >= 3) && (len(fields) > 3 || len(brazil.FindCNPJ(sentence)) == 0)
}

// shorten cuts a title at the end of a word.
func shorten(title string) string {
	runes := []rune(title)
	if len(runes) <= mostTitle {
		return title
	}
	cut := mostTitle - 1
	for i := cut; i > mostTitle/2; i-- {
		if unicode.IsSpace(runes[i]) {
			cut = i
			break
		}
	}
	return strings.TrimSpace(string(runes[:cut])) + "…"
}
