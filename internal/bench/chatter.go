package bench

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"net/http"
	"sync"
	"time"

	"github.com/ponte-desk/ponte/whatsapp"
)

// chatter lets customers and agents write at their rates, and returns when all they wrote was answered.
func (fl *floor) chatter(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, fl.o.Live+readPatience)
	defer cancel()
	var sides sync.WaitGroup
	errs := make([]error, 2)
	sides.Go(func() { errs[0] = fl.steadily(ctx, writeRate, fl.says) })
	sides.Go(func() { errs[1] = fl.steadily(ctx, replyRate, fl.answers) })
	sides.Wait()
	return first(errs)
}

// steadily calls do so many times a second, at random instants, whether or not the calls before have come back.
func (fl *floor) steadily(ctx context.Context, rate float64, do func(ctx context.Context, c *customer) error) error {
	var busy sync.WaitGroup
	var mu sync.Mutex
	var failed error
	began := fl.o.Now()
	for n, at := 0, 0.0; ; n++ {
		at += rand.ExpFloat64() / rate
		due := time.Duration(at * float64(time.Second))
		if due >= fl.o.Live {
			break
		}
		if pause(ctx, due-fl.o.Now().Sub(began)) != nil {
			break
		}
		c := fl.customers[n%len(fl.customers)]
		busy.Go(func() {
			if err := do(ctx, c); err != nil {
				mu.Lock()
				defer mu.Unlock()
				failed = err
			}
		})
	}
	busy.Wait()
	if failed != nil {
		return failed
	}
	return ctx.Err()
}

// says lets a customer write: the webhook goes to the instance that takes them.
func (fl *floor) says(ctx context.Context, c *customer) error {
	n, mark := fl.words.next()
	body, err := c.hook(wamid(c.Phone, fmt.Sprintf("3B%018X", n)), mark+" Ainda não recebi a nota fiscal do pedido, podem verificar?", fl.o.Now())
	if err != nil {
		return err
	}
	signature := make([]byte, hex.EncodedLen(sha256.Size))
	newSigner(appSecret).sign(signature, body)
	header := http.Header{"Content-Type": {"application/json"}, whatsapp.SignatureHeader: {"sha256=" + string(signature)}}
	to := "http://" + fl.instances[len(fl.instances)-1].addr + "/webhooks/whatsapp"
	fl.words.leave(n, fl.o.Now())
	_, err = post(ctx, fl.client, to, header, body)
	return err
}

// answers lets the owner of a customer's conversation reply.
func (fl *floor) answers(ctx context.Context, c *customer) error {
	n, mark := fl.replies.next()
	command := map[string]string{"id": fmt.Sprintf("bench-reply-%06d", n), "text": mark + " Verifiquei aqui: a nota fiscal sai ainda hoje."}
	fl.replies.leave(n, fl.o.Now())
	return c.owner.call(ctx, http.MethodPost, conversationPath(c.session)+"/reply", command, nil)
}
