package bot_test

import "testing"

func TestCNPJ(t *testing.T) {
	t.Parallel()
	for name, script := range map[string]string{
		"bare":            "C 11222333000181\n= identify 11222333000181",
		"punctuated":      "C 11.222.333/0001-81\n= identify 11222333000181",
		"in a sentence":   "C o cnpj é 11.222.333/0001-81, obrigada\n= identify 11222333000181",
		"with spaces":     "C 11 222 333 0001 81\n= identify 11222333000181",
		"with letters":    "C 12.abc.345/01de-35\n= identify 12ABC34501DE35",
		"twice the same":  "C 11.222.333/0001-81 (11222333000181)\n= identify 11222333000181",
		"of nobody":       "C 11222333000181\n= identify 11222333000181\nZ identified\nB Não localizei uma empresa com esse CNPJ. Um atendente vai ajudar você.\n= flag no_organization\n= hand over",
		"zendesk is mute": "C 11222333000181\n= identify 11222333000181\nZ gave up\nB Vou transferir você para um de nossos atendentes, que vai confirmar os seus dados. Aguarde um instante, por favor.\n= flag unverified\n= hand over",
		"impatience":      "C 11222333000181\n= identify 11222333000181\nC 11222333000181\nC oi?\nZ identified Alfa\n= choose Alfa",
		"several": `
			C 11222333000181 ou 11.444.777/0001-61
			B Para localizar o seu cadastro, informe o CNPJ da sua empresa.
			C 11.444.777/0001-61
			= identify 11444777000161`,
		"the description is free, once": `
			C Meu pedido não sai
			B Para localizar o seu cadastro, informe o CNPJ da sua empresa.
			C É urgente
			B Não reconheci um CNPJ válido. Confira os 14 caracteres e envie novamente, por favor (tentativas restantes: 2).
			C 11.222.333/0001-82
			B Não reconheci um CNPJ válido. Confira os 14 caracteres e envie novamente, por favor (tentativas restantes: 1).
			C [Imagem]
			B Tudo bem, um atendente vai ajudar você a localizar o cadastro.
			= flag no_cnpj
			= hand over`,
		"the description may come after a mistake": `
			C 11222333
			B Não reconheci um CNPJ válido. Confira os 14 caracteres e envie novamente, por favor (tentativas restantes: 2).
			C [Áudio]
			B Para localizar o seu cadastro, informe o CNPJ da sua empresa.
			C 11.222.333/0001-8
			B Não reconheci um CNPJ válido. Confira os 14 caracteres e envie novamente, por favor (tentativas restantes: 1).
			C 1 1 2 2 2 3 3 3
			B Tudo bem, um atendente vai ajudar você a localizar o cadastro.
			= flag no_cnpj
			= hand over`,
		"with letters and wrong": `
			C 12ABC34501DE36
			B Não reconheci um CNPJ válido. Confira os 14 caracteres e envie novamente, por favor (tentativas restantes: 2).`,
		"numbers of the description are none": `
			C a rotina 1452 parou em 12/11, erro 500
			B Para localizar o seu cadastro, informe o CNPJ da sua empresa.`,
		"there is none": `
			C Não tenho o CNPJ aqui
			B Tudo bem, um atendente vai ajudar você a localizar o cadastro.
			= flag no_cnpj
			= hand over`,
		"not every no is a refusal": `
			C não sei emitir a nota
			B Para localizar o seu cadastro, informe o CNPJ da sua empresa.`,
		"people": `
			C quero falar com um atendente
			B Vou transferir você para um de nossos atendentes, que vai confirmar os seus dados. Aguarde um instante, por favor.
			= flag no_cnpj
			= hand over`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dialogue(t, asked(t, bare()), script)
		})
	}
}
