"""档号, 件, 归档文件目录 and 到期鉴定, as far as the registry knows them."""
