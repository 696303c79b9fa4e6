/** What people write to the simulated support number of a small shop. Everything here is invented; `|` separates wordings. */

export interface Case {
  /** Row of the menu the shop offers. */
  readonly menu: { readonly id: string; readonly title: string };
  readonly ask: readonly string[];
  readonly more: readonly string[];
}

export const CASES: readonly Case[] = [
  {
    menu: { id: 'pedido', title: 'Acompanhar pedido' },
    ask: [
      'como eu rastreio meu pedido?',
      'Como rastreio o meu pedido?',
      'queria saber onde tá meu pedido',
      'meu pedido ainda não chegou',
      'qual o prazo de entrega?',
      'qual o prazo de entrega pro nordeste?',
    ],
    more: ['o número é 10482', 'foi segunda passada', 'o rastreio não atualiza desde ontem', 'moro em Recife', 'tá no meu nome mesmo'],
  },
  {
    menu: { id: 'troca', title: 'Troca ou devolução' },
    ask: ['quero trocar um produto', 'veio o tamanho errado, como troco?', 'como faço pra devolver?', 'o produto veio com defeito'],
    more: ['ainda tá na embalagem', 'prefiro o dinheiro de volta', 'era M e veio G', 'já mandei a foto'],
  },
  {
    menu: { id: 'pagamento', title: 'Pagamento' },
    ask: ['vocês aceitam pix?', 'aceita pix?', 'o boleto venceu, consegue outro?', 'paguei e não confirmou', 'parcela em quantas vezes?'],
    more: ['paguei hoje cedo', 'mando o comprovante?', 'pode ser em 3x', 'no cartão mesmo'],
  },
  {
    menu: { id: 'horario', title: 'Horário e endereço' },
    ask: ['vocês abrem sábado?', 'qual o horário de funcionamento?', 'onde fica a loja?', 'que horas fecha hoje?'],
    more: ['vou de carro', 'tem estacionamento?', 'chego umas 17h'],
  },
  {
    menu: { id: 'produto', title: 'Dúvida de produto' },
    ask: ['tem esse em azul?', 'ainda tem em estoque?', 'qual o valor do kit?', 'serve em criança de 5 anos?', 'faz entrega no mesmo dia?'],
    more: ['é pra presente', 'quero dois', 'manda foto por favor', 'e o frete?'],
  },
];

export const HELLOS = ['oi', 'oi', 'Oi', 'olá', 'Olá, boa tarde', 'bom dia', 'Bom dia!', 'boa tarde', 'boa noite', 'oi, tudo bem?'];
export const BYES = ['obrigada', 'obrigado!', 'valeu', 'ok, obrigado', 'perfeito', 'muito obrigada 🙏', 'ótimo atendimento', '👍', 'ok'];
export const BUTTONS = [
  { id: 'sim', title: 'Sim, resolveu' },
  { id: 'nao', title: 'Ainda não' },
] as const;
export const ADS = [
  { source_url: 'https://anuncio.example/volta-as-aulas', source_id: '120200000000001', source_type: 'ad', headline: 'Volta às aulas' },
] as const;
export const CAPTIONS = ['olha como chegou', 'esse aqui', 'comprovante', 'é esse modelo'];
export const REACTIONS = ['👍', '❤️', '🙏', '😊'];
