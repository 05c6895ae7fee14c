package app

import "github.com/ponte-desk/ponte/bridge/store"

// demoCanned is what the demo's agents have written beforehand.
func demoCanned() []store.Canned {
	const hello, billing, invoices, ending = "Saudações", "Faturamento", "NF-e", "Encerramento"
	return []store.Canned{
		{Folder: hello, Title: "Saudação inicial", Short: "ola", Text: "Olá, {{contato.nome}}! Meu nome é {{agente.nome}} e vou seguir com o seu atendimento. Como posso ajudar?"},
		{Folder: hello, Title: "Um instante", Short: "aguarde", Text: "Só um instante, {{contato.nome}}, estou verificando isso para você."},
		{Folder: hello, Title: "Pedir mais detalhes", Short: "detalhes", Text: "Para eu localizar o problema, envie por favor:\n• a rotina em que ele acontece;\n• a mensagem de erro completa (pode ser uma foto da tela);\n• desde quando acontece."},
		{Folder: hello, Title: "Confirmar a empresa", Short: "empresa", Text: "Estou falando em nome da {{organizacao.nome}}, correto?"},
		{Folder: billing, Title: "Segunda via do boleto", Short: "boleto", Text: "A segunda via está no portal do cliente, em *Financeiro › Boletos*: escolha o título e toque em “Segunda via”. Se preferir, envio o arquivo por aqui."},
		{Folder: billing, Title: "Falar com o financeiro", Short: "cst", Text: "Para tratar de pendências no cadastro, fale com o CST pelo telefone (11) 4003-0015, opções 4 e 9."},
		{Folder: billing, Title: "Pedido não faturado", Short: "faturar", Text: "O pedido precisa estar liberado na rotina 336 antes de ser faturado na 1402. Pode conferir a posição dele e me dizer o que aparece?"},
		{Folder: invoices, Title: "NF-e rejeitada", Short: "rejeicao", Text: "Pode me enviar o código e a descrição da rejeição? Você os encontra na rotina 1452, na coluna “Situação NF-e”."},
		{Folder: invoices, Title: "Cancelar uma NF-e", Short: "cancelar", Text: "Na rotina 1452, localize a nota e escolha “Cancelar”. O prazo é de 24 horas após a autorização; depois disso, é preciso emitir uma nota de devolução."},
		{Folder: invoices, Title: "Enviar o XML", Short: "xml", Text: "Pode me enviar o arquivo XML da nota? Assim confiro os dados que foram para a SEFAZ."},
		{Folder: invoices, Title: "SEFAZ instável", Short: "sefaz", Text: "A SEFAZ do seu estado está com instabilidade neste instante. As notas podem ser emitidas em contingência e transmitidas depois, sem nenhum prejuízo."},
		{Folder: ending, Title: "Encaminhado ao N2", Short: "n2", Text: "{{contato.nome}}, encaminhei o seu caso à nossa equipe especializada. O acompanhamento segue pelo chamado {{ticket.id}}."},
		{Folder: ending, Title: "Algo mais?", Short: "mais", Text: "Posso ajudar em algo mais?"},
		{Folder: ending, Title: "Despedida", Short: "tchau", Text: "Que bom que deu certo! O seu atendimento foi registrado sob o número {{atendimento.numero}}. Tenha um ótimo dia, {{contato.nome}}!"},
	}
}
