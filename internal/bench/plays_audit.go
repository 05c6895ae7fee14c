package bench

import (
	"context"
	"time"

	"github.com/ponte-desk/ponte/bridge/conversation"
)

// auditPlays are conversations that the auditor should look at by now, about ten entries long: some were finished as they should be, some
// were left by an agent, by the customer, or by everybody.
func auditPlays() []play {
	take := conversation.Command{Kind: conversation.CommandTake}
	closing := conversation.Command{
		Kind: conversation.CommandClose, Folder: conversation.FolderDone, Subject: "Divergência no relatório de estoque",
		Catalogue: "Distribuição::Linha Winthor::11::1118::Relatório de estoque", Reason: "Resolvido",
	}
	return []play{
		{"nobody came", plainNumber, 6 * time.Hour, func(ctx context.Context, s *stage) {
			s.complains(ctx, 5)
		}},
		{"left by the agent", plainNumber, 6 * time.Hour, func(ctx context.Context, s *stage) {
			s.complains(ctx, 1)
			s.asks(ctx, take)
			s.talks(ctx)
			s.says(ctx, "E então, alguma novidade?")
		}},
		{"left by the customer", plainNumber, 5 * time.Hour, func(ctx context.Context, s *stage) {
			s.complains(ctx, 1)
			s.asks(ctx, take)
			s.talks(ctx)
		}},
		{"after hours", plainNumber, 20 * time.Hour, func(ctx context.Context, s *stage) {
			s.complains(ctx, 5)
		}},
		{"finished", plainNumber, 7 * time.Hour, func(ctx context.Context, s *stage) {
			s.complains(ctx, 1)
			s.asks(ctx, take)
			s.talks(ctx)
			s.asks(ctx, closing)
		}},
		{"finished without a subject", plainNumber, 7 * time.Hour, func(ctx context.Context, s *stage) {
			s.complains(ctx, 1)
			s.asks(ctx, take)
			s.talks(ctx)
			s.solved(ctx)
		}},
		{"finished after the bot", botNumber, 8 * time.Hour, func(ctx context.Context, s *stage) {
			s.menu(ctx)
			s.asks(ctx, take)
			s.talks(ctx)
			s.asks(ctx, closing)
		}},
		{"left in the bot", botNumber, 6 * time.Hour, func(ctx context.Context, s *stage) {
			s.says(ctx, "Bom dia")
			s.says(ctx, "financeiro@serraazul.com.br")
		}},
		{"never taken", plainNumber, 6 * time.Hour, func(ctx context.Context, s *stage) {
			s.complains(ctx, 1)
			s.talks(ctx)
			s.solved(ctx)
		}},
		{"expired", plainNumber, 31 * time.Hour, func(ctx context.Context, s *stage) {
			s.complains(ctx, 3)
			s.wait(ctx, 26*time.Hour)
		}},
	}
}

// complains lets the customer tell what is wrong, in so many messages.
func (s *stage) complains(ctx context.Context, messages int) {
	for _, text := range []string{
		"Boa tarde, o relatório de estoque não fecha com o inventário", "É o 1118, na filial 2", "Já conferi as notas de entrada do mês",
		"Preciso disso ainda hoje para o fechamento", "Alguém pode verificar, por favor?",
	}[:messages] {
		s.says(ctx, text)
	}
}

// talks lets customer and agent answer each other; the agent has the last word.
func (s *stage) talks(ctx context.Context) {
	s.says(ctx, "A diferença é de 12 caixas no produto 80512")
	s.replies(ctx, "Obrigado! Vou verificar o relatório 1118 e já retorno.")
}

// solved lets an agent solve the ticket in Zendesk.
func (s *stage) solved(ctx context.Context) {
	s.put(ctx, conversation.Event{Kind: conversation.EventHint, Hint: &conversation.Hint{Ticket: s.acting.ticket, Status: "solved", UpdatedAt: s.now}})
	s.wait(ctx, 10*beat)
}
