const en = {
  title: 'Keyboard',
  close: 'Close',
  pages: (page: string) => `Go to ${page}`,
  keys: [
    [['/'], 'Search messages'],
    [['f'], 'Add a filter'],
    [['p'], 'Pause what is live, or go on'],
    [['?'], 'Show these keys'],
    [['Tab'], 'To the next control; a chart is one stop'],
    [['←', '↑', '→', '↓'], 'Between the marks of a chart'],
    [['Enter'], 'Filter by a mark'],
    [['Esc'], 'Close what is open'],
    [['Ctrl', 'Enter'], 'Run the SQL statement'],
  ] as readonly (readonly [readonly string[], string])[],
  single: 'Single-key shortcuts',
};

type These = typeof en;

const pt: These = {
  title: 'Teclado',
  close: 'Fechar',
  pages: (page) => `Ir para ${page}`,
  keys: [
    [['/'], 'Buscar mensagens'],
    [['f'], 'Adicionar um filtro'],
    [['p'], 'Pausar o que é ao vivo, ou retomar'],
    [['?'], 'Mostrar estas teclas'],
    [['Tab'], 'Ao próximo controle; um gráfico é uma parada'],
    [['←', '↑', '→', '↓'], 'Entre as marcas de um gráfico'],
    [['Enter'], 'Filtrar por uma marca'],
    [['Esc'], 'Fechar o que está aberto'],
    [['Ctrl', 'Enter'], 'Executar a consulta SQL'],
  ],
  single: 'Atalhos de uma tecla',
};

const es: These = {
  title: 'Teclado',
  close: 'Cerrar',
  pages: (page) => `Ir a ${page}`,
  keys: [
    [['/'], 'Buscar mensajes'],
    [['f'], 'Añadir un filtro'],
    [['p'], 'Pausar lo que es en vivo, o seguir'],
    [['?'], 'Mostrar estas teclas'],
    [['Tab'], 'Al siguiente control; un gráfico es una parada'],
    [['←', '↑', '→', '↓'], 'Entre las marcas de un gráfico'],
    [['Enter'], 'Filtrar por una marca'],
    [['Esc'], 'Cerrar lo que está abierto'],
    [['Ctrl', 'Enter'], 'Ejecutar la consulta SQL'],
  ],
  single: 'Atajos de una tecla',
};

/** Words of the keys. */
export const HELP = { en, pt, es };
