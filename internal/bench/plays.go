package bench

import (
	"context"
	"time"

	"github.com/ponte-desk/ponte/bridge/conversation"
	"github.com/ponte-desk/ponte/internal/app"
)

// plainNumber is a number without a bot, botNumber one with the demo's.
const (
	plainNumber = number
	botNumber   = app.DemoNumber
)

// play is one conversation, on an empty stage.
type play struct {
	name   string
	number string
	began  time.Duration // before the present
	act    func(ctx context.Context, s *stage)
}

// openPlays are conversations after a believable first exchange: half of them wait in the queue, half are with an agent.
func openPlays() []play {
	return []play{
		{"waits in the queue", plainNumber, 40 * time.Minute, func(ctx context.Context, s *stage) {
			s.says(ctx, "Bom dia! Desde ontem o pedido aparece como faturado, mas a nota não chegou.")
			s.says(ctx, "É o pedido 80512")
		}},
		{"with an agent", plainNumber, 40 * time.Minute, func(ctx context.Context, s *stage) {
			s.says(ctx, "Boa tarde, o relatório de estoque não fecha com o inventário")
			s.asks(ctx, conversation.Command{Kind: conversation.CommandTake})
			s.replies(ctx, "Boa tarde! Vou verificar o relatório 1118 e já retorno.")
		}},
		{"waits after the bot", botNumber, 40 * time.Minute, func(ctx context.Context, s *stage) {
			s.menu(ctx)
			s.says(ctx, "O boleto do mês veio com o valor errado")
		}},
		{"with an agent after the bot", botNumber, 40 * time.Minute, func(ctx context.Context, s *stage) {
			s.menu(ctx)
			s.asks(ctx, conversation.Command{Kind: conversation.CommandTake})
			s.replies(ctx, "Olá! Qual é o número do pedido, por favor?")
			s.says(ctx, "É o 80512")
		}},
	}
}

// menu goes through the bot's questions to its menu's first line.
func (s *stage) menu(ctx context.Context) {
	s.says(ctx, "Bom dia")
	s.says(ctx, "financeiro@serraazul.com.br")
	s.says(ctx, "1")
}

// present is when what was played is looked at: a Wednesday afternoon in São Paulo, within business hours.
func present() time.Time { return time.Date(2026, 11, 18, 19, 31, 7, 318_204_977, time.UTC) }

// perform plays a play with a new customer.
func (s *stage) perform(ctx context.Context, p play) error {
	s.now = present().Add(-p.began)
	s.enter(ctx, p.number)
	p.act(ctx, s)
	return s.failed
}
