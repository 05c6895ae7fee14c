package conversation

import (
	"slices"
	"strings"
	"unicode"
)

// mostThanks is how many words a mere thank-you has at most.
const mostThanks = 12

// Courtesy tells whether words after the end say no more than thank you, all right or goodbye, in Portuguese or English: "obrigado,
// mas …" asks for more, and so does every question; a mere "bom dia" begins something.
func Courtesy(text string) bool {
	if strings.ContainsAny(text, "?？¿❓❔⁉👎😠😡🤬🆘") {
		return false
	}
	words := PlainWords(text)
	if len(words) == 0 {
		return strings.TrimSpace(text) != "" // nothing but signs such as 👍
	}
	if len(words) > mostThanks {
		return false
	}
	kind := false
	for i, word := range words {
		switch {
		case slices.Contains(thanks(), word), slices.Contains(assents(), word):
			kind = true
		case denies(words, i), !slices.Contains(besides(), word):
			return false
		}
	}
	return kind
}

// denies tells whether a word says no to something else than more help: "não, obrigado" and "por nada" do not.
func denies(words []string, i int) bool {
	before, after := "", ""
	if i > 0 {
		before = words[i-1]
	}
	if i+1 < len(words) {
		after = words[i+1]
	}
	switch words[i] {
	case "nao", "no":
		return !slices.Contains(thanks(), after) && after != "muito" && after != "very"
	case "nada":
		return !slices.Contains([]string{"por", "de", "mais"}, before) && after != "mais"
	}
	return false
}

// PlainWords are a text's words in small letters, without the accents of Portuguese.
func PlainWords(text string) []string {
	text = strings.NewReplacer(
		"á", "a", "à", "a", "â", "a", "ã", "a", "é", "e", "ê", "e", "í", "i", "ó", "o", "ô", "o", "õ", "o", "ú", "u", "ç", "c",
	).Replace(strings.ToLower(text))
	return strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// thanks are the words that say thank you.
func thanks() []string {
	return []string{
		"obrigado", "obrigada", "obrigados", "obrigadas", "obrigadao", "obg", "obgd", "obgda", "brigado", "brigada", "brigadao", "valeu", "vlw", "agradeco",
		"agradecemos", "agradecido", "agradecida", "grato", "grata", "gratidao", "thanks", "thank", "thx", "ty",
	}
}

// assents are the words that say all right or goodbye.
func assents() []string {
	return []string{
		"ok", "okay", "okey", "okk", "blz", "beleza", "certo", "perfeito", "perfeita", "otimo", "otima", "show", "top", "joia", "legal", "excelente", "maravilha",
		"abraco", "abracos", "tchau", "sim", "ta", "isso", "resolvido", "resolveu", "funcionou", "entendi", "entendido", "combinado", "imagina", "disponha",
		"igualmente", "great", "perfect", "bye",
	}
}

// besides are the words that may stand beside those.
func besides() []string {
	return []string{
		"muito", "mesmo", "demais", "bom", "boa", "bem", "dia", "tarde", "noite", "semana", "fim", "final", "de", "pra", "para", "voce", "voces", "vc", "vcs", "tambem",
		"pela", "pelo", "ajuda", "atendimento", "atencao", "suporte", "a", "o", "e", "por", "tudo", "todos", "nada", "deus", "abencoe", "ate", "logo", "mais", "esta",
		"deu", "era", "so", "tenha", "tenham", "um", "uma", "bola", "nao", "kk", "kkk", "rs", "rsrs", "you", "very", "much", "good", "all", "no",
	}
}
