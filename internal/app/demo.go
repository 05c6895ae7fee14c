package app

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/redis/go-redis/v9"

	"github.com/ponte-desk/ponte/bridge/calendar"
	"github.com/ponte-desk/ponte/bridge/settings"
	"github.com/ponte-desk/ponte/sandbox"
	"github.com/ponte-desk/ponte/sandbox/desk"
	"github.com/ponte-desk/ponte/sandbox/graph"
	"github.com/ponte-desk/ponte/whatsapp"
	"github.com/ponte-desk/ponte/zendesk"
)

// The demo's secrets are fixed and documented: they guard nothing but a sandbox on this machine.
const (
	DemoAppSecret     = "demo-app-secret"
	DemoVerifyToken   = "demo-verify-token" // #nosec G101 -- public
	DemoAccessToken   = "demo-access-token"
	DemoClientID      = "ponte-demo"
	DemoClientSecret  = "demo-client-secret"  // #nosec G101 -- public
	DemoWebhookSecret = "demo-webhook-secret" // #nosec G101 -- public
	DemoAPISecret     = "demo-api-secret"     // #nosec G101 -- public
	Demo360Key        = "demo-360-key"
	Demo360Secret     = "demo-360-secret" // #nosec G101 -- public
	DemoNumber        = "106540352242922"
	DemoSecondNumber  = "118273645509182" // 360dialog carries it
	DemoAccount       = "102290129340398"
	// The app as it is installed in the simulated Zendesk.
	DemoAppID        = 1_042_731
	DemoInstallation = 36_000_114
)

// Demo is Ponte beside its two simulated peers, on one listener.
type Demo struct {
	App     *App
	Sandbox *sandbox.Sandbox
	Durable bool // false: nothing survives the end

	ln      net.Listener
	handler http.Handler
	cleanup cleanups
}

// BuildDemo prepares the demo on ln. It fills in what the configuration leaves open.
func BuildDemo(ctx context.Context, c Config, ln net.Listener, logger *slog.Logger) (*Demo, error) {
	d := &Demo{ln: ln}
	base := "http://" + ln.Addr().String()
	c = withDemo(c, base)
	if err := os.MkdirAll(c.DataDir, 0o750); err != nil {
		return nil, fmt.Errorf("PONTE_DATA_DIR: %w", err)
	}
	var err error
	if d.Sandbox, err = sandbox.New(sandboxConfig(c, base, logger)); err != nil {
		return nil, err
	}
	d.cleanup.add("sandbox", func(context.Context) error { return d.Sandbox.Close() })
	client, err := d.redis(ctx, &c)
	if err != nil {
		return nil, errors.Join(err, d.cleanup.run(ctx))
	}
	if d.App, err = Build(ctx, c, Parts{Redis: client, Now: d.Sandbox.Now, Logger: logger, Fallback: DemoSettings(), SDK: demoSDK, Frames: demoFrames(c.PublicURL)}); err != nil {
		return nil, errors.Join(err, d.cleanup.run(ctx))
	}
	if err := errors.Join(d.App.firstSettings(ctx, *DemoSettings()), d.App.firstCanned(ctx)); err != nil {
		return nil, errors.Join(err, d.cleanup.run(ctx))
	}
	d.cleanup.add("ponte", d.App.Close)
	mux := http.NewServeMux()
	mux.Handle("/sandbox/", d.Sandbox.Handler())
	mux.HandleFunc("GET /sandbox/zendesk/agent/tickets/{id}", demoTicket)
	mux.Handle("GET /{$}", http.RedirectHandler("/sandbox/", http.StatusFound))
	mux.Handle("/", d.App.Handler())
	d.handler = mux
	return d, nil
}

// DemoSettings is what holds in the demo until settings are imported: the customer is invited back by the simulator's template,
// and the second number is 360dialog's.
func DemoSettings() *settings.Operation {
	first := settings.Default()
	first.Name = "Atendimento"
	first.Window.Invite = &settings.Invite{
		Template: "retomar_conversa", Language: "pt_BR", Values: []string{"{{contato.nome}}"},
		Preview: "Olá, {{1}}! Temos uma resposta para o seu atendimento. Toque no botão para continuar.",
	}
	first.Read = settings.ReadReply
	first.Hours = calendar.Hours{} // somebody may look at the demo at night
	second, others := first, first
	second.Name, second.Provider = "Comercial", settings.Provider360Dialog
	first.Bot.Kind, first.Bot.Menu, first.Bot.FAQ = settings.BotOwn, demoMenu(), demoFAQ()
	o := settings.DefaultOperation()
	o.Default, o.Numbers = others, map[string]settings.Number{DemoNumber: first, DemoSecondNumber: second}
	return &o
}

// demoMenu is what the demo's bot offers.
func demoMenu() []settings.MenuOption {
	return []settings.MenuOption{
		{Title: "Faturamento e NF-e", Description: "Notas, boletos e impostos", Do: settings.MenuQueue, Category: "Distribuição::Linha Winthor::14::1400::Emissão de NF-e"},
		{Title: "Estoque e pedidos", Description: "Relatórios e digitação de pedidos", Do: settings.MenuQueue, Category: "Distribuição::Linha Winthor::11::1118::Relatório de estoque"},
		{Title: "Posição de um chamado", Description: "Status e data prevista", Do: settings.MenuPosition},
		{Title: "Dúvidas frequentes", Description: "Respostas na hora", Do: settings.MenuFAQ},
		{Title: "Horário de atendimento", Do: settings.MenuAnswer, Answer: "Atendemos de segunda a sexta-feira, das 8h às 18h."},
	}
}

// demoFAQ is what the demo's bot can answer.
func demoFAQ() []settings.FAQ {
	return []settings.FAQ{
		{Question: "Como emito a segunda via do boleto?", Answer: "No portal do cliente, em Financeiro › Boletos, escolha o título e toque em “Segunda via”."},
		{Question: "Como cancelo uma nota fiscal eletrônica?", Answer: "Na rotina 1452, localize a nota e escolha “Cancelar”. O prazo é de 24 horas após a autorização."},
		{Question: "Como redefino a minha senha?", Answer: "Na tela de entrada, toque em “Esqueci a senha” e siga as instruções enviadas por e-mail."},
	}
}

// DemoDefaults fills in what reaches a demo on this machine where the configuration leaves it open, for the commands that
// talk to a running one.
func DemoDefaults(c Config) Config {
	base := c.PublicURL
	if base == "" {
		base = "http://" + c.HTTPAddr
	}
	return withDemo(c, strings.TrimSuffix(base, "/"))
}

// withDemo fills in what steers the demo and is not set from outside.
func withDemo(c Config, base string) Config {
	fill := func(to *string, value string) {
		if *to == "" {
			*to = value
		}
	}
	fill(&c.PublicURL, base)
	fill(&c.ZendeskURL, base+"/sandbox/zendesk")
	fill(&c.ZendeskClientID, DemoClientID)
	fill(&c.WhatsAppAccounts, DemoAccount)
	if c.ZendeskAppID == 0 {
		c.ZendeskAppID = DemoAppID
	}
	if c.Dialog360URL == "https://waba-v2.360dialog.io" || c.Dialog360URL == "" {
		c.Dialog360URL = base + "/sandbox/whatsapp/360"
	}
	if c.WhatsAppAPIURL == "https://graph.facebook.com" {
		c.WhatsAppAPIURL = base + "/sandbox/whatsapp"
	}
	for to, value := range map[*whatsapp.Secret]whatsapp.Secret{
		&c.WhatsAppAppSecret: DemoAppSecret, &c.WhatsAppVerifyToken: DemoVerifyToken, &c.WhatsAppAccessToken: DemoAccessToken,
		&c.APISecret: DemoAPISecret, &c.Dialog360APIKeys: DemoSecondNumber + "=" + Demo360Key, &c.Dialog360Secret: Demo360Secret,
	} {
		if len(list(string(*to))) == 0 {
			*to = value
		}
	}
	for to, value := range map[*zendesk.Secret]zendesk.Secret{
		&c.ZendeskClientSecret: DemoClientSecret, &c.ZendeskWebhookSecret: DemoWebhookSecret,
	} {
		if len(list(string(*to))) == 0 {
			*to = value
		}
	}
	return c
}

func sandboxConfig(c Config, base string, logger *slog.Logger) sandbox.Config {
	s := sandbox.Config{Dir: filepath.Join(c.DataDir, "sandbox"), Logger: logger, BaseURL: base}
	s.Now = time.Now //nolint:forbidigo // the machine's clock is chosen here
	s.WhatsApp.AppSecret = list(string(c.WhatsAppAppSecret))[0]
	s.WhatsApp.VerifyToken, s.WhatsApp.AccessToken = string(c.WhatsAppVerifyToken), string(c.WhatsAppAccessToken)
	s.WhatsApp.CallbackURL, s.WhatsApp.NumberID = base+"/webhooks/whatsapp", DemoNumber
	s.WhatsApp.Dialog360 = graph.Dialog360{
		CallbackURL: base + "/webhooks/360dialog", Key: Demo360Key, HeaderSecret: list(string(c.Dialog360Secret))[0],
	}
	s.Zendesk.Seed = desk.SeedMuted // as `ponte setup` leaves an account: mirrored comments send no e-mail
	s.Zendesk.ClientID, s.Zendesk.ClientSecret = c.ZendeskClientID, string(c.ZendeskClientSecret)
	s.Zendesk.WebhookSecret, s.Zendesk.WebhookURL = list(string(c.ZendeskWebhookSecret))[0], base+"/webhooks/zendesk"
	s.Zendesk.App = demoApp(c.ZendeskAppID, strings.TrimSuffix(c.PublicURL, "/"))
	return s
}

// redis opens the configured store, or starts a redis-server found on PATH, or falls back to an embedded one.
func (d *Demo) redis(ctx context.Context, c *Config) (redis.UniversalClient, error) {
	if c.RedisURL != "" {
		d.Durable = true
		return nil, nil //nolint:nilnil // Build opens the configured one
	}
	path, err := exec.LookPath("redis-server")
	if err != nil {
		return d.embedded()
	}
	d.Durable = true
	return d.server(ctx, path, filepath.Join(c.DataDir, "redis"))
}

func (d *Demo) embedded() (redis.UniversalClient, error) {
	m := miniredis.NewMiniRedis()
	m.ClockTTL(true)
	if err := m.Start(); err != nil {
		return nil, fmt.Errorf("embedded store: %w", err)
	}
	d.cleanup.add("embedded store", func(context.Context) error { m.Close(); return nil })
	return d.client(&redis.Options{Addr: m.Addr()}), nil
}

func (d *Demo) client(o *redis.Options) *redis.Client {
	client := redis.NewClient(o)
	d.cleanup.add("redis client", func(context.Context) error { return client.Close() })
	return client
}

// demoSocket is where the demo's redis-server listens. A socket's path must be short, so a deep data folder has its socket
// among the temporary files.
func demoSocket(dataDir string) string {
	dir, err := filepath.Abs(dataDir)
	if err != nil {
		dir = dataDir
	}
	if path := filepath.Join(dir, "redis", "redis.sock"); len(path) < 100 {
		return path
	}
	sum := sha256.Sum256([]byte(dir))
	return filepath.Join(os.TempDir(), "ponte-"+hex.EncodeToString(sum[:8])+".sock")
}

// redisReady is how long a redis-server may take to load its data.
const redisReady = 30 * time.Second

// server starts a redis-server on a socket below dir, with every write on disk before it is answered.
func (d *Demo) server(ctx context.Context, path, dir string) (redis.UniversalClient, error) {
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return nil, fmt.Errorf("redis data: %w", err)
	}
	socket := demoSocket(filepath.Dir(dir))
	cmd := exec.CommandContext(context.WithoutCancel(ctx), path, "--port", "0", "--unixsocket", socket, "--dir", dir, // #nosec G204 -- found on PATH
		"--appendonly", "yes", "--appendfsync", "always", "--maxmemory-policy", "noeviction", "--save", "", "--daemonize", "no")
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // a Ctrl-C is ours to pass on, after the workers
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start redis-server: %w", err)
	}
	d.cleanup.add("redis-server", func(context.Context) error {
		if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
			return err
		}
		if exit := (*exec.ExitError)(nil); errors.As(cmd.Wait(), &exit) && !exit.Exited() {
			return exit
		}
		return nil
	})
	client := d.client(&redis.Options{Network: "unix", Addr: socket})
	wait, cancel := context.WithTimeout(ctx, redisReady)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for client.Ping(wait).Err() != nil {
		select {
		case <-wait.Done():
			return nil, errors.Join(errors.New("redis-server did not get ready"), d.cleanup.run(context.WithoutCancel(ctx)))
		case <-tick.C:
		}
	}
	return client, nil
}

// Run serves until ctx ends, then stops gracefully and ends what BuildDemo started.
func (d *Demo) Run(ctx context.Context) error {
	peers, stop := context.WithCancel(context.WithoutCancel(ctx))
	done := make(chan struct{})
	go func() {
		defer close(done)
		d.Sandbox.Run(peers)
	}()
	err := d.App.Serve(ctx, d.ln, d.handler)
	stop()
	<-done
	return errors.Join(err, d.cleanup.run(context.WithoutCancel(ctx)))
}
