package bot

import "strings"

// longestRemark is how many words a remark may have that is understood without being one of the answers.
const longestRemark = 7

// remark tells whether a text is made of some words alone, few of them, and has one that must be there.
func remark(text string, may, must func(string) bool) bool {
	words := strings.Fields(plain(text))
	if len(words) > longestRemark {
		return false
	}
	there := false
	for _, w := range words {
		there = there || must(w)
		if !may(w) && !must(w) {
			return false
		}
	}
	return there
}

// declines tells whether somebody has no answer, or does not want to give it.
func declines(text string) bool { return remark(text, refusal, negation) }

func negation(word string) bool {
	switch word {
	case "nao", "n", "sem", "nenhum", "nenhuma", "pular", "no", "none", "not", "dont", "don", "skip":
		return true
	}
	return false
}

func refusal(word string) bool {
	switch word {
	case "tenho", "possuo", "sei", "lembro", "recordo", "quero", "uso", "informar", "dizer", "passar", "agora", "cnpj", "email", "e", "mail",
		"o", "a", "um", "meu", "qual", "eh", "de", "cor", "isso", "aqui", "em", "maos", "empresa", "da", "desculpe":
		return true
	case "i", "t", "do", "have", "know", "remember", "want", "to", "it", "one", "any", "my", "the", "sorry", "sure":
		return true
	}
	return false
}

// content tells whether somebody needs nothing more.
func content(text string) bool { return remark(text, thanking, ending) }

func ending(word string) bool {
	switch word {
	case "nao", "nada", "obrigado", "obrigada", "obg", "vlw", "valeu", "isso", "certo", "ok", "no", "thanks", "thank", "nothing", "all":
		return true
	}
	return false
}

func thanking(word string) bool {
	switch word {
	case "so", "era", "e", "muito", "tudo", "bem", "por", "enquanto", "hoje", "mais", "preciso", "de", "mesmo", "agora", "you", "that", "is",
		"s", "else", "very", "much", "for", "now":
		return true
	}
	return false
}

// agrees tells whether somebody says yes to a question that was not to be answered so.
func agrees(text string) bool {
	switch plain(text) {
	case "sim", "s", "quero", "pode", "yes", "y":
		return true
	}
	return false
}

// asksForMenu tells whether the customer wants to see the menu.
func asksForMenu(text string) bool {
	switch plain(text) {
	case "menu", "ver menu", "voltar", "voltar ao menu", "opcoes", "ver opcoes", "inicio", "back", "options":
		return true
	}
	return false
}

// common tells whether a word says nothing about a subject.
func common(word string) bool {
	switch word {
	case "de", "da", "do", "das", "dos", "em", "no", "na", "nos", "nas", "um", "uma", "uns", "umas", "os", "as", "ao", "aos", "para",
		"pra", "pro", "por", "pelo", "pela", "com", "sem", "que", "qual", "quais", "como", "onde", "quando", "quanto", "porque", "se",
		"meu", "minha", "meus", "minhas", "seu", "sua", "me", "eu", "voce", "voces", "ele", "ela", "isso", "este", "esta", "esse", "essa",
		"ser", "sao", "estou", "tem", "ter", "tenho", "ha", "foi", "fazer", "faco", "faz", "posso", "pode", "podem", "quero", "queria",
		"gostaria", "preciso", "saber", "sobre", "mais", "muito", "ja", "nao", "sim", "ou", "mas", "favor", "oi", "ola", "bom", "boa",
		"dia", "tarde", "noite", "tudo", "bem", "obrigado", "obrigada", "duvida", "ajuda":
		return true
	case "the", "an", "of", "to", "in", "on", "at", "for", "and", "or", "is", "are", "was", "be", "does", "did", "can", "could", "how",
		"what", "which", "where", "when", "who", "why", "my", "your", "you", "it", "this", "that", "with", "from", "have", "has", "need",
		"want", "would", "like", "please", "about", "hi", "hello", "help", "thanks":
		return true
	}
	return false
}
