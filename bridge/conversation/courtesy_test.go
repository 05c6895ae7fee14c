package conversation_test

import (
	"testing"

	"github.com/ponte-desk/ponte/bridge/conversation"
)

// TestCourtesy is which words after the end open nothing.
func TestCourtesy(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"obrigado": true, "Obrigada!": true, "OBRIGADO": true, "muito obrigada pela ajuda": true, "obg": true, "vlw": true,
		"ok": true, "Ok.": true, "ok, obrigado": true, "tá bom": true, "tá certo, valeu": true, "deu certo": true, "certo": true, "entendi": true,
		"tudo resolvido, obrigado": true, "resolveu": true, "isso mesmo": true, "Era só isso, obrigado": true, "show de bola": true,
		"não, obrigado": true, "Não, muito obrigada": true, "nada mais, obrigado": true, "por nada, abraços": true, "no thanks": true,
		"obrigado, bom dia": true, "Obrigada e boa tarde": true, "valeu! até logo": true, "tchau": true, "Igualmente": true,
		"Muito obrigado pela ajuda e atenção, tenha um ótimo dia": true, "thank you very much": true, "Thanks!": true,
		"👍": true, "👍🏽": true, "🙏🙏": true, "obrigada 🙏": true, "❤️": true, "!": true, " ok \n": true, "kkk obrigado": true,

		"": false, "   ": false, "ok?": false, "obrigado?": false, "?": false, "👍？": false,
		"obrigado, mas ainda não funciona": false, "obrigado, mas…": false, "ok, mas e a nota": false, "obrigado porém deu erro": false,
		"bom dia": false, "Boa tarde!": false, "bom dia, tudo bem": false, "bom dia, preciso de ajuda": false, "oi": false, "olá": false,
		"ajuda": false, "ajuda por favor": false, "mais atendimento": false, "suporte": false, "preciso de ajuda": false,
		"não": false, "nada": false, "nada funcionou": false, "não funcionou": false, "não deu certo, obrigado": false, "ainda não, obrigado": false,
		"nada resolvido": false, "não entendi": false, "obrigado por enquanto não resolveu": false, "não está resolvido": false,
		"ok mais uma coisa": false, "ok, aguardo": false, "👎": false, "😡": false, "ok 👎": false, "❓": false, "1": false, "12345678000195": false,
		"obrigado obrigado obrigado obrigado obrigado obrigado obrigado obrigado obrigado obrigado obrigado obrigado obrigado": false,
	} {
		if got := conversation.Courtesy(text); got != want {
			t.Errorf("Courtesy(%q) = %v, want %v", text, got, want)
		}
	}
}
