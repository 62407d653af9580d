setlocal commentstring=#\ %s comments=:##,:#
