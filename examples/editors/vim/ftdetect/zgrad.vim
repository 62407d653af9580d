autocmd BufRead,BufNewFile *.math setfiletype zgrad
